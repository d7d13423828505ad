package io.anymq.tck.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/** What one rule works with: two instances of the store, and a scope that no other rule uses. */
final class StoreContext implements AutoCloseable {
    /** Short enough to wait for, and long enough to be seen. */
    static final Duration SHORT = Duration.ofMillis(300);

    /** Longer than any rule runs. */
    static final Duration LONG = Duration.ofHours(1);

    /** What a coarse clock may be off by. */
    private static final Duration GRAIN = Duration.ofMillis(20);

    private static final Duration POLL = Duration.ofMillis(5);

    private final StoreHarness harness;
    private final String scope = "tck-" + UUID.randomUUID();
    private final IdempotencyStore store;
    private final IdempotencyStore other;
    private final List<ExecutorService> executors = new ArrayList<>();

    StoreContext(StoreHarness harness) throws Exception {
        this.harness = harness;
        this.store = harness.open();
        this.other = harness.open();
    }

    StoreHarness harness() {
        return harness;
    }

    String scope() {
        return scope;
    }

    /** The first instance. */
    IdempotencyStore store() {
        return store;
    }

    /** An instance as another process would have it. */
    IdempotencyStore other() {
        return other;
    }

    /** Claims a key that must be free, for the first instance. */
    long granted(String key, long fingerprint, Duration lease) {
        return token(store.claim(scope, key, fingerprint, lease));
    }

    /** Claims as the other instance would. */
    Claim ask(String key, long fingerprint) {
        return other.claim(scope, key, fingerprint, LONG);
    }

    static long token(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).token();
    }

    static void busy(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Busy.class);
    }

    /** Skips the rule unless the harness can do what it takes. */
    void needs(boolean can, String what) {
        if (!can) {
            throw new TestAbortedException("the harness for " + harness.name() + " cannot " + what);
        }
    }

    /** Waits until so much time has passed by this process's clock since {@code nanos}. */
    void pass(Duration time, long nanos) {
        await("time passes", () -> System.nanoTime() - nanos > time.toNanos());
    }

    /** Asks until the key is granted again, and fails if that was before {@code time} had passed since {@code nanos}. */
    Claim.Granted grantedAfter(Duration time, long nanos, String key, long fingerprint) {
        Claim[] last = new Claim[1];
        await("the claim is granted", () -> {
            last[0] = other.claim(scope, key, fingerprint, LONG);
            return last[0] instanceof Claim.Granted;
        });
        Duration passed = Duration.ofNanos(System.nanoTime() - nanos);
        assertThat(passed).as("granted after").isGreaterThanOrEqualTo(time.minus(GRAIN));
        return (Claim.Granted) last[0];
    }

    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(harness.patience())
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(condition);
    }

    /** Runs the task on so many threads, which begin together, and returns what they returned. */
    <T> List<T> together(int threads, NumberedTask<T> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads, run -> {
            Thread thread = new Thread(run, "tck-store");
            thread.setDaemon(true);
            return thread;
        });
        executors.add(executor);
        CyclicBarrier begin = new CyclicBarrier(threads);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            futures.add(executor.submit(() -> {
                begin.await(harness.patience().toMillis(), TimeUnit.MILLISECONDS);
                return task.run(number);
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get(harness.patience().multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS));
        }
        return results;
    }

    /** A task of one of several threads. */
    interface NumberedTask<T> {
        T run(int number) throws Exception;
    }

    @Override
    public void close() {
        executors.forEach(ExecutorService::shutdownNow);
    }
}
