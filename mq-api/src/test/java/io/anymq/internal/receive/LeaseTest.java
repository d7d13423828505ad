package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.internal.support.VirtualTime;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration LENGTH = Duration.ofSeconds(3);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(10, time::nanoTime);
    private final Queue<Runnable> calls = new ArrayDeque<>();

    private Lease claim() {
        Claim.Granted granted = (Claim.Granted) store.claim("s", "k", 1, LENGTH);
        return new Lease(time, calls::add, store, "s", "k", granted.token(), LENGTH);
    }

    private void step() {
        time.advance(Duration.ofSeconds(1));
        Runnable call = calls.poll();
        while (call != null) {
            call.run();
            call = calls.poll();
        }
    }

    @Test
    void holdsTheClaimAsLongAsTheHandlerRuns() {
        Lease lease = claim();
        lease.start();
        for (int i = 0; i < 20; i++) {
            step();
        }
        assertThat(store.claim("s", "k", 1, LENGTH)).isInstanceOf(Claim.Busy.class);
        lease.stop();
        time.advance(LENGTH);
        assertThat(store.claim("s", "k", 1, LENGTH)).isInstanceOf(Claim.Granted.class);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void aRenewalThatIsUnderWayDoesNotOutliveTheStop() {
        Lease lease = claim();
        lease.start();
        time.advance(Duration.ofSeconds(1));
        assertThat(calls).hasSize(1);
        lease.stop();
        step();
        for (int i = 0; i < 10; i++) {
            step();
        }
        assertThat(time.waiting()).isZero();
        assertThat(store.claim("s", "k", 1, LENGTH))
                .as("held by nobody, so it is free again")
                .isInstanceOf(Claim.Granted.class);
    }

    @Test
    void endsWhenTheClaimIsLost() {
        Lease lease = claim();
        lease.start();
        store.forget("s", "k");
        step();
        assertThat(time.waiting()).isZero();
    }
}
