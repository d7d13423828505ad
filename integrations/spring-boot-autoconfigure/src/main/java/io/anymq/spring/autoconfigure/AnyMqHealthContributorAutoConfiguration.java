package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.MessagingClient;
import io.anymq.spring.AnyMqListenerRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health {@code anymq}, unless {@code management.health.anymq.enabled} is false. */
@AutoConfiguration(after = AnyMqAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({MessagingClient.class, AnyMqListenerRegistry.class})
@ConditionalOnEnabledHealthIndicator("anymq")
@API(API.Status.EVOLVING)
public final class AnyMqHealthContributorAutoConfiguration {
    /** Called by Spring. */
    public AnyMqHealthContributorAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = {"anymqHealthIndicator", "anymqHealthContributor"})
    AnyMqHealthIndicator anymqHealthIndicator(MessagingClient client, AnyMqListenerRegistry registry) {
        return new AnyMqHealthIndicator(client, registry);
    }
}
