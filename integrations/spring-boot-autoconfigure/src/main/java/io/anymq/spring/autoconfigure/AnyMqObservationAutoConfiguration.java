package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.micrometer.AnymqDeadLetterTracingHandler;
import io.anymq.micrometer.AnymqObservation;
import io.anymq.micrometer.AnymqReceiverTracingHandler;
import io.anymq.micrometer.DeadLetterConvention;
import io.anymq.micrometer.ProcessConvention;
import io.anymq.micrometer.RedriveConvention;
import io.anymq.micrometer.SendConvention;
import io.anymq.micrometer.SettleConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Observations, and with a bridge for tracing spans, of sends and handlers, where {@code anymq-micrometer} and a registry
 * of observations are there. A bean of {@code AnymqTelemetry} makes the spans itself, so there are no observations then.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration"
        })
@ConditionalOnClass({AnymqObservation.class, ObservationRegistry.class})
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "anymq.enabled", matchIfMissing = true)
@API(API.Status.EVOLVING)
public final class AnyMqObservationAutoConfiguration {
    /** Called by Spring. */
    public AnyMqObservationAutoConfiguration() {}

    /** Outermost, so that what other interceptors do is inside the span. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean(value = AnymqObservation.class, type = "io.anymq.opentelemetry.AnymqTelemetry")
    AnymqObservation anyMqObservation(
            ObservationRegistry registry,
            ObjectProvider<SendConvention> send,
            ObjectProvider<ProcessConvention> process,
            ObjectProvider<SettleConvention> settle,
            ObjectProvider<DeadLetterConvention> deadLetter,
            ObjectProvider<RedriveConvention> redrive) {
        AnymqObservation.Builder builder = AnymqObservation.builder(registry);
        send.ifUnique(builder::sendConvention);
        process.ifUnique(builder::processConvention);
        settle.ifUnique(builder::settleConvention);
        deadLetter.ifUnique(builder::deadLetterConvention);
        redrive.ifUnique(builder::redriveConvention);
        return builder.build();
    }

    /** Spans with links, before Micrometer's own handlers; with a bridge for tracing only. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Tracer.class, Propagator.class})
    @ConditionalOnBean({Tracer.class, Propagator.class})
    static class Spans {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        @ConditionalOnMissingBean
        AnymqReceiverTracingHandler anyMqReceiverTracingHandler(Tracer tracer, Propagator propagator) {
            return new AnymqReceiverTracingHandler(tracer, propagator);
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        @ConditionalOnMissingBean
        AnymqDeadLetterTracingHandler anyMqDeadLetterTracingHandler(Tracer tracer, Propagator propagator) {
            return new AnymqDeadLetterTracingHandler(tracer, propagator);
        }
    }
}
