package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.VirtualTime;
import io.anymq.internal.receive.policy.Leases.Lease;
import io.anymq.internal.support.Restrictions;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private static final Duration LENGTH = Duration.ofSeconds(12);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(10, time::nanoTime);
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private final Restrictions restrictions = new Restrictions(() -> {});
    private final Leases leases = new Leases(time, calls::add, store, "s", LENGTH, restrictions);

    private Lease claim(String key) {
        Claim.Granted granted = (Claim.Granted) store.claim("s", key, 1, LENGTH);
        return leases.start(key, granted.token());
    }

    private void step() {
        time.advance(TICK);
        Runnable call = calls.poll();
        while (call != null) {
            call.run();
            call = calls.poll();
        }
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    @Test
    void holdsTheClaimAsLongAsTheHandlerRuns() {
        Lease lease = claim("k");
        steps(60);
        assertThat(store.claim("s", "k", 1, LENGTH)).isInstanceOf(Claim.Busy.class);
        lease.stop();
        step();
        assertThat(time.waiting()).isZero();
        time.advance(LENGTH);
        assertThat(store.claim("s", "k", 1, LENGTH)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void oneTimerSeesToAllAndRestsWhileThereAreNone() {
        Lease first = claim("a");
        time.advance(TICK.dividedBy(2));
        Lease second = claim("b");
        assertThat(time.waiting()).isOne();
        steps(40);
        assertThat(time.waiting()).isOne();
        assertThat(store.claim("s", "a", 1, LENGTH)).isInstanceOf(Claim.Busy.class);
        assertThat(store.claim("s", "b", 1, LENGTH)).isInstanceOf(Claim.Busy.class);

        first.stop();
        second.stop();
        step();
        assertThat(time.waiting()).isZero();

        claim("c");
        steps(40);
        assertThat(store.claim("s", "c", 1, LENGTH)).isInstanceOf(Claim.Busy.class);
    }

    @Test
    void aStoreThatIsSlowIsAskedOnceAtATime() {
        claim("k");
        for (int i = 0; i < 10; i++) {
            time.advance(TICK);
        }
        assertThat(calls).hasSize(1);
        step();
        steps(60);
        assertThat(store.claim("s", "k", 1, LENGTH)).isInstanceOf(Claim.Busy.class);
    }

    @Test
    void aRenewalThatIsUnderWayDoesNotOutliveTheStop() {
        Lease lease = claim("k");
        for (int i = 0; i < 3; i++) {
            time.advance(TICK);
        }
        assertThat(calls).hasSize(1);
        lease.stop();
        steps(20);
        assertThat(time.waiting()).isZero();
        assertThat(store.claim("s", "k", 1, LENGTH))
                .as("released, so it can be claimed again")
                .isInstanceOf(Claim.Granted.class);
    }

    @Test
    void aStoreThatCannotExtendMattersNoMoreWithoutALease() {
        ScriptedStore failing = new ScriptedStore(time);
        failing.down("prolong", new IllegalStateException("down"));
        Leases extended = new Leases(time, calls::add, failing, "s", LENGTH, restrictions);
        Lease first = extended.start("a", 1);
        Lease second = extended.start("b", 2);
        steps(4);
        assertThat(restrictions.detail()).contains("could not extend a lease");
        first.stop();
        assertThat(restrictions.detail()).contains("could not extend a lease");
        second.stop();
        assertThat(restrictions.detail()).isNull();
    }

    @Test
    void aRenewalThatFailsAfterItsLeaseHasEndedLeavesNothingBehind() {
        ScriptedStore failing = new ScriptedStore(time);
        failing.down("prolong", new IllegalStateException("down"));
        Lease lease = new Leases(time, calls::add, failing, "s", LENGTH, restrictions).start("a", 1);
        failing.meanwhile = lease::stop;
        steps(4);
        assertThat(failing.refused).hasPositiveValue();
        assertThat(restrictions.detail()).isNull();
    }

    @Test
    void endsWhenTheClaimIsLost() {
        claim("k");
        store.forget("s", "k");
        steps(5);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void endsWhenTheConsumerIsClosed() {
        Leases closed = new Leases(
                time,
                task -> {
                    throw new java.util.concurrent.RejectedExecutionException();
                },
                store,
                "s",
                LENGTH,
                restrictions);
        closed.start("k", 1);
        steps(5);
        assertThat(time.waiting()).isZero();
    }
}
