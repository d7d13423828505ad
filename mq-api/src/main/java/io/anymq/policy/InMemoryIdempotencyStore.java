package io.anymq.policy;

import io.anymq.API;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Remembers in this process: enough for one consumer process, forgotten when it ends. Thread-safe.
 *
 * <p>Bounded: beyond {@code maxEntries} (default 1,000,000) expired entries are removed first, which is tried at most
 * once a second, and if that makes no room a new claim is refused with an exception, so that the store fails closed
 * rather than forget completed messages.
 *
 * <pre>{@code
 * client.consumer(payments, Payment.class).idempotency(IdempotencyPolicy.with(new
 * InMemoryIdempotencyStore())).start(…); }</pre>
 */
@API(API.Status.STABLE)
public final class InMemoryIdempotencyStore implements IdempotencyStore {
    private static final int LOOKS = 4;
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private enum State {
        IN_PROGRESS,
        DONE,
        DEAD
    }

    private record Entry(State state, long fingerprint, long token, long endsAtNanos) {}

    private record Key(String scope, String key) {}

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private final LongSupplier nanoClock;
    private final int maxEntries;
    private final AtomicLong nextSweep = new AtomicLong(Long.MIN_VALUE);
    private final AtomicBoolean tidying = new AtomicBoolean();
    /** Cycles through the entries; used only while holding {@link #tidying}. */
    private Iterator<Map.Entry<Key, Entry>> hand = entries.entrySet().iterator();

    /** One million entries and the system's clock. */
    public InMemoryIdempotencyStore() {
        this(1_000_000, System::nanoTime);
    }

    /** Creates a store with a custom limit and a custom monotonic clock. */
    public InMemoryIdempotencyStore(int maxEntries, LongSupplier nanoClock) {
        if (maxEntries < 1) {
            throw new IllegalArgumentException("maxEntries must be at least 1, but was " + maxEntries);
        }
        this.maxEntries = maxEntries;
        this.nanoClock = nanoClock;
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        long now = nanoClock.getAsLong();
        int size = entries.size();
        if (size > maxEntries / 2) {
            tidy(now);
            if (size >= maxEntries && !remembers(scope, key, now)) {
                makeRoom(now);
            }
        }
        Claim[] claim = new Claim[1];
        entries.compute(new Key(scope, key), (id, known) -> {
            if (known == null || known.endsAtNanos() - now <= 0) {
                long token = tokens.incrementAndGet();
                claim[0] = new Claim.Granted(token);
                return new Entry(State.IN_PROGRESS, fingerprint, token, now + nanos(lease));
            }
            if (known.fingerprint() != fingerprint) {
                claim[0] = new Claim.Conflict();
            } else {
                claim[0] = switch (known.state()) {
                    case IN_PROGRESS -> new Claim.Busy(Duration.ofNanos(known.endsAtNanos() - now));
                    case DONE -> new Claim.Done();
                    case DEAD -> new Claim.Dead();
                };
            }
            return known;
        });
        return claim[0];
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return replace(scope, key, token, State.IN_PROGRESS, lease);
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return replace(scope, key, token, State.DONE, retention);
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return replace(scope, key, token, State.DEAD, retention);
    }

    @Override
    public boolean release(String scope, String key, long token) {
        boolean[] held = new boolean[1];
        entries.computeIfPresent(new Key(scope, key), (id, known) -> {
            held[0] = isHeld(known, token);
            return held[0] ? null : known;
        });
        return held[0];
    }

    @Override
    public void forget(String scope, String key) {
        entries.remove(new Key(scope, key));
    }

    private boolean replace(String scope, String key, long token, State state, Duration lasts) {
        boolean[] held = new boolean[1];
        long now = nanoClock.getAsLong();
        entries.computeIfPresent(new Key(scope, key), (id, known) -> {
            held[0] = isHeld(known, token);
            return held[0] ? new Entry(state, known.fingerprint(), token, now + nanos(lasts)) : known;
        });
        return held[0];
    }

    private static boolean isHeld(Entry known, long token) {
        return known.state() == State.IN_PROGRESS && known.token() == token;
    }

    private boolean remembers(String scope, String key, long now) {
        Entry known = entries.get(new Key(scope, key));
        return known != null && known.endsAtNanos() - now > 0;
    }

    /**
     * Looks at a few entries each time, so that expired entries are removed before the store is full and no claim has
     * to wait for a look at all of them.
     */
    private void tidy(long now) {
        if (!tidying.compareAndSet(false, true)) {
            return;
        }
        try {
            for (int i = 0; i < LOOKS; i++) {
                if (!hand.hasNext()) {
                    hand = entries.entrySet().iterator();
                }
                if (hand.hasNext()) {
                    Map.Entry<Key, Entry> next = hand.next();
                    // only in the state that was examined, because it may have been claimed again since
                    if (next.getValue().endsAtNanos() - now <= 0) {
                        entries.remove(next.getKey(), next.getValue());
                    }
                }
            }
        } finally {
            tidying.set(false);
        }
    }

    private void makeRoom(long now) {
        long due = nextSweep.get();
        if (due == Long.MIN_VALUE || now - due >= 0) {
            if (nextSweep.compareAndSet(due, now + Duration.ofSeconds(1).toNanos())) {
                // not through an iterator, which would also remove a claim made since
                entries.values().removeIf(entry -> entry.endsAtNanos() - now <= 0);
            }
        }
        if (entries.size() >= maxEntries) {
            throw new IllegalStateException("the idempotency store is full: " + maxEntries
                    + " entries and none has expired; shorten the retention or raise maxEntries");
        }
    }

    /** At most 146 years, so that the clock plus this does not overflow. */
    private static long nanos(Duration duration) {
        return duration.compareTo(LONGEST) >= 0 ? LONGEST.toNanos() : duration.toNanos();
    }
}
