package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.MessagingClient;
import io.anymq.spring.AnyMqListenerRegistry;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code anymq}, where {@code management.endpoints.web.exposure.include} names it. */
@AutoConfiguration(after = AnyMqAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({MessagingClient.class, AnyMqListenerRegistry.class})
@ConditionalOnAvailableEndpoint(AnyMqEndpoint.class)
@API(API.Status.EVOLVING)
public final class AnyMqEndpointAutoConfiguration {
    /** Called by Spring. */
    public AnyMqEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    AnyMqEndpoint anyMqEndpoint(MessagingClient client, AnyMqListenerRegistry registry) {
        return new AnyMqEndpoint(client, registry);
    }
}
