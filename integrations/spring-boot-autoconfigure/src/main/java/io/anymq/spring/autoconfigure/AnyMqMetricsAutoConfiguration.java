package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.micrometer.AnymqMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The client's meters, where {@code anymq-micrometer} and a registry of meters are there. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass({AnymqMetrics.class, MeterRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "anymq.enabled", matchIfMissing = true)
@API(API.Status.EVOLVING)
public final class AnyMqMetricsAutoConfiguration {
    /** Called by Spring. */
    public AnyMqMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    AnymqMetrics anyMqMetrics(MeterRegistry registry) {
        return AnymqMetrics.of(registry);
    }
}
