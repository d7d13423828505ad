package io.anymq.micro;

import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The cost of the in-memory idempotency store: for a new message and for a duplicate. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Deduplication {
    private static final String SCOPE = "orders";
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration RETENTION = Duration.ofHours(1);

    private static final int ENTRIES = 1_000_000;
    /** The time between messages: half of the store's entries have expired whenever it is full. */
    private static final long STEP_NANOS = RETENTION.toNanos() / (ENTRIES / 2);

    private InMemoryIdempotencyStore store = new InMemoryIdempotencyStore();
    private long next;
    private long now;

    /** One message is known already. */
    @Setup
    public void fill() {
        now = 0;
        store = new InMemoryIdempotencyStore(ENTRIES, () -> now);
        claimAndComplete("known");
    }

    private void claimAndComplete(String id) {
        if (!(store.claim(SCOPE, id, 1, LEASE) instanceof Claim.Granted granted)
                || !store.complete(SCOPE, id, granted.token(), RETENTION)) {
            throw new IllegalStateException("a new message was treated as a duplicate: " + id);
        }
    }

    /** Claimed, handled, done; the store's removal of expired entries is part of it. */
    @Benchmark
    public void newMessage() {
        now += STEP_NANOS;
        claimAndComplete("message-" + next++);
    }

    /** Found and refused. */
    @Benchmark
    public Claim duplicate() {
        Claim claim = store.claim(SCOPE, "known", 1, LEASE);
        if (!(claim instanceof Claim.Done)) {
            throw new IllegalStateException("a duplicate was treated as a new message");
        }
        return claim;
    }
}
