package io.anymq.tck.store;

import io.anymq.tck.RuleResult;
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
 * The class a store's test extends. Each rule shows as one dynamic test; one that the harness cannot try is aborted
 * with its reason. The rules run one after another, take about two seconds, and leave their entries behind.
 *
 * <pre>{@code
 * class MyStoreTest extends IdempotencyStoreTck {
 *     @Override
 *     protected StoreHarness harness() {
 *         return new MyHarness();
 *     }
 * }
 * }</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IdempotencyStoreTck {
    private @Nullable StoreHarness harness;

    /** For subclasses. */
    protected IdempotencyStoreTck() {}

    /** A harness at a store that answers; closed by the kit. */
    protected abstract StoreHarness harness() throws Exception;

    @BeforeAll
    final void start() throws Exception {
        harness = harness();
    }

    @TestFactory
    final Stream<DynamicTest> rules() {
        StoreHarness started = Objects.requireNonNull(harness);
        return StoreTck.ruleIds().stream()
                .map(id -> DynamicTest.dynamicTest(StoreTck.title(id), () -> show(StoreTck.run(started, id))));
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
    final void stop() {
        // null if the start failed, which has been told
        if (harness != null) {
            harness.close();
        }
    }
}
