package io.anymq.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * The class an adapter's test extends. Each rule shows as one dynamic test; one that cannot be tried is aborted with
 * its reason. Afterwards {@code target/conformance/<adapter>.json} holds every result.
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
 * <p>Rules in which no adapter has a part are verified once, on the embedded broker, and not run here. {@code
 * -Dtck.rules=ORD-1,DLQ} runs rule ORD-1 and the whole group DLQ, {@code -Dtck.rules=ALL} every rule.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AdapterTck {
    private static final String SELECTION = "tck.rules";

    private @Nullable BrokerHarness harness;
    private Tck.@Nullable Run run;

    /** For subclasses. */
    protected AdapterTck() {}

    /** A harness at a broker that answers; closed by the kit. */
    protected abstract BrokerHarness harness() throws Exception;

    /**
     * The rules to run, in the form of {@code -Dtck.rules}, which is the default. Empty means all in which an adapter has
     * a part.
     */
    protected String selection() {
        return System.getProperty(SELECTION, "");
    }

    @BeforeAll
    final void start() throws Exception {
        RuleSelection selection = RuleSelection.parse(selection(), RuleBook.cases(Specification.load()));
        BrokerHarness made = harness();
        harness = made;
        run = Tck.start(made, selection);
    }

    @TestFactory
    final Stream<DynamicTest> rules() {
        Tck.Run started = Objects.requireNonNull(run);
        return started.cases().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.toString(), () -> show(started.result(rule))));
    }

    private static void show(RuleResult result) {
        if (result.status() == RuleResult.Status.SKIPPED) {
            throw new TestAbortedException(result.id() + " skipped: " + result.detail());
        }
        if (result.status() == RuleResult.Status.FAILED) {
            throw new AssertionError(result.detail(), result.failure());
        }
    }

    @AfterAll
    @SuppressWarnings("SystemOut") // the summary is for people who watch the build
    final void report() throws Exception {
        // either is null if the start failed, which has been told
        try {
            if (run != null) {
                ConformanceReport report = run.report();
                System.out.println(report.summary());
                write(report);
            }
        } finally {
            if (run != null) {
                run.close();
            }
            if (harness != null) {
                harness.close();
            }
        }
    }

    private static void write(ConformanceReport report) throws IOException {
        report.write(Path.of("target", "conformance"));
    }
}
