package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Interceptor;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.micrometer.AnymqDeadLetterTracingHandler;
import io.anymq.micrometer.AnymqMetrics;
import io.anymq.micrometer.AnymqObservation;
import io.anymq.micrometer.AnymqReceiverTracingHandler;
import io.anymq.spring.AnyMqListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MetricsAndObservationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AnyMqAutoConfiguration.class,
                    AnyMqMetricsAutoConfiguration.class,
                    AnyMqObservationAutoConfiguration.class));

    static class Handler {
        @AnyMqListener(queue = "observed")
        void handle(String body) {}
    }

    private static final class Names implements ObservationHandler<Observation.Context> {
        final Set<String> started = ConcurrentHashMap.newKeySet();

        @Override
        public void onStart(Observation.Context context) {
            started.add(String.valueOf(context.getName()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Test
    void sendsAndHandlersAreMeasuredAndObserved() {
        Names names = new Names();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(names);
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ObservationRegistry.class, () -> observations)
                .withBean(Handler.class)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    client.producer(Queue.of("observed"), String.class)
                            .send("x")
                            .get(10, TimeUnit.SECONDS);
                    client.unwrap(InMemoryBroker.class).orElseThrow().awaitIdle(Duration.ofSeconds(10));
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.get("anymq.producer.send").timer().count())
                            .isEqualTo(1);
                    assertThat(meters.get("anymq.consumer.attempt").timer().count())
                            .isEqualTo(1);
                    assertThat(names.started).contains("anymq.send", "anymq.process");
                    assertThat(context.getBeanProvider(Interceptor.class)
                                    .orderedStream()
                                    .findFirst())
                            .containsInstanceOf(AnymqObservation.class);
                });
    }

    @Test
    void withABridgeSpansHaveLinks() {
        runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
                .withBean(Tracer.class, () -> Tracer.NOOP)
                .withBean(Propagator.class, () -> Propagator.NOOP)
                .run(context -> assertThat(context)
                        .hasSingleBean(AnymqReceiverTracingHandler.class)
                        .hasSingleBean(AnymqDeadLetterTracingHandler.class));
    }

    @Test
    void withoutARegistryOrTheLibraryThereIsNeither() {
        runner.run(context ->
                assertThat(context).doesNotHaveBean(AnymqMetrics.class).doesNotHaveBean(AnymqObservation.class));
        runner.withClassLoader(new FilteredClassLoader("io.anymq.micrometer"))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("anyMqMetrics"));
    }
}
