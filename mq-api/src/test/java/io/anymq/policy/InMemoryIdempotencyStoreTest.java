package io.anymq.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.anymq.VirtualTime;
import io.anymq.policy.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InMemoryIdempotencyStoreTest {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RETENTION = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(1_000, time::nanoTime);

    private long granted(String key) {
        assertThat(store.claim("s", key, 1, LEASE)).isInstanceOf(Claim.Granted.class);
        store.forget("s", key);
        return ((Claim.Granted) store.claim("s", key, 1, LEASE)).token();
    }

    @Test
    void aClaimIsBusyForOthersUntilItsLeaseEnds() {
        granted("k");
        time.advance(Duration.ofSeconds(4));
        assertThat(store.claim("s", "k", 1, LEASE)).isEqualTo(new Claim.Busy(Duration.ofSeconds(6)));
        assertThat(store.claim("other", "k", 1, LEASE)).isInstanceOf(Claim.Granted.class);
        time.advance(Duration.ofSeconds(6));
        assertThat(store.claim("s", "k", 1, LEASE)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void prolongingHoldsIt() {
        long token = granted("k");
        time.advance(Duration.ofSeconds(9));
        assertThat(store.prolong("s", "k", token, LEASE)).isTrue();
        time.advance(Duration.ofSeconds(9));
        assertThat(store.claim("s", "k", 1, LEASE)).isInstanceOf(Claim.Busy.class);
    }

    @Test
    void doneAndDeadAreRememberedForTheirTime() {
        assertThat(store.complete("s", "a", granted("a"), RETENTION)).isTrue();
        assertThat(store.bury("s", "b", granted("b"), RETENTION)).isTrue();
        assertThat(store.claim("s", "a", 1, LEASE)).isEqualTo(new Claim.Done());
        assertThat(store.claim("s", "b", 1, LEASE)).isEqualTo(new Claim.Dead());
        assertThat(store.claim("s", "a", 2, LEASE)).isEqualTo(new Claim.Conflict());
        time.advance(RETENTION);
        assertThat(store.claim("s", "a", 2, LEASE)).isInstanceOf(Claim.Granted.class);
        assertThat(store.claim("s", "b", 2, LEASE)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void onlyTheHolderChangesAClaim() {
        long first = granted("k");
        time.advance(LEASE);
        long second = ((Claim.Granted) store.claim("s", "k", 1, LEASE)).token();
        assertThat(store.prolong("s", "k", first, LEASE)).isFalse();
        assertThat(store.complete("s", "k", first, RETENTION)).isFalse();
        assertThat(store.bury("s", "k", first, RETENTION)).isFalse();
        assertThat(store.release("s", "k", first)).isFalse();
        assertThat(store.release("s", "k", second)).isTrue();
        assertThat(store.release("s", "k", second)).isFalse();
        assertThat(store.claim("s", "k", 1, LEASE)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void whatIsDoneIsNoLongerHeld() {
        long token = granted("k");
        assertThat(store.complete("s", "k", token, RETENTION)).isTrue();
        assertThat(store.release("s", "k", token)).isFalse();
        assertThat(store.prolong("s", "k", token, LEASE)).isFalse();
        store.forget("s", "k");
        assertThat(store.claim("s", "k", 1, LEASE)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void aFullStoreFailsClosedButKnowsWhatItKnows() {
        InMemoryIdempotencyStore small = new InMemoryIdempotencyStore(2, time::nanoTime);
        long token = ((Claim.Granted) small.claim("s", "a", 1, LEASE)).token();
        small.complete("s", "a", token, RETENTION);
        small.claim("s", "b", 1, LEASE);
        assertThatIllegalStateException()
                .isThrownBy(() -> small.claim("s", "c", 1, LEASE))
                .withMessageContaining("full");
        assertThat(small.claim("s", "a", 1, LEASE)).isEqualTo(new Claim.Done());
        time.advance(LEASE);
        assertThat(small.claim("s", "c", 1, LEASE)).as("b has expired").isInstanceOf(Claim.Granted.class);
        assertThat(small.claim("s", "a", 1, LEASE)).as("and a has not").isEqualTo(new Claim.Done());
    }

    @Test
    void aStreamThatIsLongerThanTheStoreNeverFillsItWhereItsRetentionIsShort() {
        // 300 must be remembered at a time, and 1,000 may be
        Duration retention = Duration.ofMillis(300);
        for (int i = 0; i < 10_000; i++) {
            String key = "k" + i;
            long token = ((Claim.Granted) store.claim("s", key, 1, LEASE)).token();
            assertThat(store.complete("s", key, token, retention)).isTrue();
            if (i >= 200) {
                assertThat(store.claim("s", "k" + (i - 200), 1, LEASE)).isEqualTo(new Claim.Done());
            }
            time.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void aRetentionForEverDoesNotOverflow() {
        assertThat(store.complete("s", "k", granted("k"), Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
        time.advance(Duration.ofDays(365));
        assertThat(store.claim("s", "k", 1, LEASE)).isEqualTo(new Claim.Done());
    }

    @Test
    void aSweepTakesNoClaimThatWasMadeMeanwhile() throws Exception {
        AtomicLong clock = new AtomicLong();
        InMemoryIdempotencyStore tiny = new InMemoryIdempotencyStore(64, clock::get);
        AtomicInteger lost = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> fill = threads.submit(() -> {
                for (int i = 0; i < 4_000; i++) {
                    // each step lets everything expire and makes the next full claim sweep
                    clock.addAndGet(Duration.ofSeconds(2).toNanos());
                    for (int k = 0; k < 70; k++) {
                        try {
                            tiny.claim("fill", "k" + k, 1, Duration.ofNanos(1));
                        } catch (IllegalStateException full) {
                            assertThat(full).hasMessageContaining("full");
                        }
                    }
                }
            });
            Future<?> hold = threads.submit(() -> {
                while (!fill.isDone()) {
                    try {
                        if (tiny.claim("hold", "k", 1, Duration.ofNanos(1)) instanceof Claim.Granted) {
                            clock.addAndGet(1);
                            if (tiny.claim("hold", "k", 1, Duration.ofDays(10_000)) instanceof Claim.Granted mine
                                    && !tiny.release("hold", "k", mine.token())) {
                                lost.incrementAndGet();
                            }
                        }
                    } catch (IllegalStateException full) {
                        assertThat(full).hasMessageContaining("full");
                    }
                }
            });
            fill.get();
            hold.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(lost).as("claims that vanished while they were held").hasValue(0);
    }

    private record Known(String state, long fingerprint, long token, long ends) {}

    @Test
    void behavesAsANaiveModelDoes() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Known> model = new HashMap<>();
        Map<String, Long> lastToken = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String what = "seed " + seed + " step " + step;
            String key = "k" + random.nextInt(20);
            long token = lastToken.getOrDefault(key, 0L) - random.nextInt(4) / 3;
            Duration lasts = Duration.ofMillis(1 + random.nextInt(2_000));
            long ends = time.nanoTime() + lasts.toNanos();
            Known known = model.get(key);
            boolean held = known != null && known.state().equals("busy") && known.token() == token;
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long print = random.nextInt(5) == 0 ? 2 : 1;
                    Claim claim = store.claim("s", key, print, lasts);
                    if (known == null || known.ends() <= time.nanoTime()) {
                        assertThat(claim).as(what).isInstanceOf(Claim.Granted.class);
                        long granted = ((Claim.Granted) claim).token();
                        lastToken.put(key, granted);
                        model.put(key, new Known("busy", print, granted, ends));
                    } else if (known.fingerprint() != print) {
                        assertThat(claim).as(what).isEqualTo(new Claim.Conflict());
                    } else if (known.state().equals("busy")) {
                        assertThat(claim)
                                .as(what)
                                .isEqualTo(new Claim.Busy(Duration.ofNanos(known.ends() - time.nanoTime())));
                    } else {
                        assertThat(claim)
                                .as(what)
                                .isEqualTo(known.state().equals("done") ? new Claim.Done() : new Claim.Dead());
                    }
                }
                case 3 -> {
                    assertThat(store.complete("s", key, token, lasts)).as(what).isEqualTo(held);
                    if (held) {
                        model.put(key, new Known("done", known.fingerprint(), token, ends));
                    }
                }
                case 4 -> {
                    assertThat(store.bury("s", key, token, lasts)).as(what).isEqualTo(held);
                    if (held) {
                        model.put(key, new Known("dead", known.fingerprint(), token, ends));
                    }
                }
                case 5 -> {
                    assertThat(store.release("s", key, token)).as(what).isEqualTo(held);
                    if (held) {
                        model.remove(key);
                    }
                }
                case 6 -> {
                    assertThat(store.prolong("s", key, token, lasts)).as(what).isEqualTo(held);
                    if (held) {
                        model.put(key, new Known("busy", known.fingerprint(), token, ends));
                    }
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        store.forget("s", key);
                        model.remove(key);
                    }
                    time.advance(Duration.ofMillis(random.nextInt(300)));
                }
            }
        }
    }
}
