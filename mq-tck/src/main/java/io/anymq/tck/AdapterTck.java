package io.anymq.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * The class an adapter's test extends. Each rule shows as one dynamic test; one that cannot be tried is aborted with its
 * reason. Afterwards {@code target/conformance/<adapter>.json} holds every result.
 *
 * <pre>{@code
 * class KafkaTckIT extends AdapterTck {
 *     @Override
 *     protected BrokerHarness harness() throws Exception {
 *         return new KafkaHarness();
 *     }
 * }
 * }</pre>
 *
 * <p>{@code -Dtck.rules=ORD-1,DLQ} runs the rules whose number begins with one of these.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AdapterTck {
    private static final String SELECTION = "tck.rules";

    private BrokerHarness harness;
    private Tck.Run run;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit calls start() before anything else
    protected AdapterTck() {}

    /** A harness at a broker that answers; closed by the kit. */
    protected abstract BrokerHarness harness() throws Exception;

    @BeforeAll
    final void start() throws Exception {
        harness = harness();
        List<String> prefixes = List.of(System.getProperty(SELECTION, "").split(","));
        run = Tck.start(harness, id -> prefixes.stream().anyMatch(id::startsWith));
    }

    @TestFactory
    final Stream<DynamicTest> rules() {
        return run.cases().stream().map(rule -> DynamicTest.dynamicTest(rule.toString(), () -> show(rule)));
    }

    private void show(RuleCase rule) {
        RuleResult result = run.result(rule);
        if (result.status() == RuleResult.Status.SKIPPED) {
            throw new TestAbortedException(result.id() + " skipped: " + result.detail());
        }
        if (result.status() == RuleResult.Status.FAILED) {
            throw new AssertionError(result.detail(), result.failure());
        }
    }

    @AfterAll
    @SuppressWarnings("SystemOut") // the summary is for whoever watches the build
    final void report() throws Exception {
        try {
            ConformanceReport report = run.report();
            System.out.println(report.summary());
            write(report);
        } finally {
            run.close();
            harness.close();
        }
    }

    private static void write(ConformanceReport report) throws IOException {
        report.write(Path.of("target", "conformance"));
    }
}
