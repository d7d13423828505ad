package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/observability.md lists what there is, and its Java is compiled and run. */
class ObservabilityPageTest extends OnEmbeddedBroker {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final String TESTS = "integrations/%s/src/test/java/io/anymq/%s/ObservabilityPageTest.java";
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String read(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    private static String squeeze(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void everyMeterWithItsTagsAndEveryObservationIsListed() throws IOException {
        String page = read("docs/observability.md");
        for (AnymqMeterDocumentation meter : AnymqMeterDocumentation.values()) {
            String tags = String.join(
                    ", ",
                    Arrays.stream(meter.getKeyNames())
                            .map(tag -> "`" + tag.asString() + "`")
                            .toList());
            assertThat(page)
                    .containsPattern("\\| `" + Pattern.quote(meter.getName()) + "` \\| [a-z, ]+ \\| " + tags + " \\|");
        }
        for (AnymqObservationDocumentation observation : AnymqObservationDocumentation.values()) {
            assertThat(page).contains("`" + observation.getName() + "`");
        }
        assertThat(Stream.<KeyName>concat(
                        Arrays.stream(AnymqObservationDocumentation.LowCardinality.values()),
                        Arrays.stream(AnymqObservationDocumentation.HighCardinality.values())))
                .allSatisfy(key -> assertThat(page).contains("| `" + key.asString() + "` |"));
    }

    @Test
    void everyAlertIsListed() throws IOException {
        String page = read("docs/observability.md");
        List<String> alerts = Pattern.compile("alert: (\\w+)")
                .matcher(read("integrations/micrometer/monitoring/anymq-alerts.yml"))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(alerts).hasSize(7).allSatisfy(alert -> assertThat(page).contains("| `" + alert + "` |"));
    }

    @Test
    void itsJavaIsCompiled() throws IOException {
        String tests = squeeze(read(TESTS.formatted("micrometer", "micrometer"))
                + read(TESTS.formatted("opentelemetry", "opentelemetry")));
        List<String> blocks = JAVA.matcher(read("docs/observability.md"))
                .results()
                .map(block -> squeeze(block.group(1)))
                .toList();
        assertThat(blocks).hasSize(4).allSatisfy(block -> assertThat(tests).contains(block));
    }

    @Test
    void twoLinesPlugBothIn() {
        MeterRegistry meterRegistry = new SimpleMeterRegistry();
        ObservationRegistry observationRegistry = ObservationRegistry.create();
        addLinks(observationRegistry, Tracer.NOOP, Propagator.NOOP);
        MessagingClient.Builder builder = AnymqMetrics.of(meterRegistry).addTo(MessagingClient.builder());
        MessagingClient client =
                AnymqObservation.of(observationRegistry).addTo(builder).open();
        try (client) {
            send(client, "books");
            assertThat(meterRegistry.get("anymq.producer.send").timer().count()).isEqualTo(1);
        }
    }

    private static void addLinks(ObservationRegistry observationRegistry, Tracer tracer, Propagator propagator) {
        observationRegistry
                .observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new AnymqReceiverTracingHandler(tracer, propagator),
                        new AnymqDeadLetterTracingHandler(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    @Test
    void aConventionIsReplaced() {
        ObservationRegistry observationRegistry = ObservationRegistry.create();
        List<String> teams = new CopyOnWriteArrayList<>();
        observationRegistry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                KeyValue team = context.getLowCardinalityKeyValue("team");
                teams.add(team == null ? "none" : team.getValue());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        AnymqObservation observation = AnymqObservation.builder(observationRegistry)
                .sendConvention(new DefaultSendConvention() {
                    @Override
                    public KeyValues getLowCardinalityKeyValues(SendObservationContext context) {
                        return super.getLowCardinalityKeyValues(context).and("team", "shipping");
                    }
                })
                .build();
        send(opened(observation.addTo(builder())), "books");
        eventually(() -> assertThat(teams).containsExactly("shipping"));
    }
}
