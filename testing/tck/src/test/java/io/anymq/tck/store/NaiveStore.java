package io.anymq.tck.store;

import io.anymq.policy.IdempotencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A plain store that keeps every rule, in small steps that a flaw can override. Can be taken down and counted. It is
 * its own harness.
 */
class NaiveStore implements IdempotencyStore, StoreHarness {
    enum State {
        IN_PROGRESS,
        DONE,
        DEAD
    }

    record Entry(State state, long fingerprint, long token, long ends) {}

    private static final Duration LONGEST = Duration.ofDays(10_000);

    final Map<Object, Entry> entries = new HashMap<>();
    boolean down;
    private long tokens;

    Object slot(String scope, String key) {
        return Map.entry(scope, key);
    }

    long nextToken(Object slot) {
        return ++tokens;
    }

    long now() {
        return System.nanoTime();
    }

    long lease(Duration lease) {
        return nanos(lease);
    }

    long retention(Duration retention) {
        return nanos(retention);
    }

    static long nanos(Duration time) {
        return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
    }

    boolean ended(Entry entry) {
        return entry.ends() - now() <= 0;
    }

    boolean conflicts(Entry entry, long fingerprint) {
        return entry.fingerprint() != fingerprint;
    }

    Claim busy(Entry entry) {
        return new Claim.Busy(Duration.ofNanos(Math.max(1, entry.ends() - now())));
    }

    boolean holds(Entry entry, long token) {
        return entry != null && entry.state() == State.IN_PROGRESS && entry.token() == token;
    }

    void requireUp() {
        if (down) {
            throw new IllegalStateException("the store is down on purpose");
        }
    }

    @Override
    public synchronized Claim claim(String scope, String key, long fingerprint, Duration lease) {
        requireUp();
        Object slot = slot(scope, key);
        Entry entry = entries.get(slot);
        if (entry == null || ended(entry)) {
            long token = nextToken(slot);
            entries.put(slot, new Entry(State.IN_PROGRESS, fingerprint, token, now() + lease(lease)));
            return new Claim.Granted(token);
        }
        if (conflicts(entry, fingerprint)) {
            return new Claim.Conflict();
        }
        return switch (entry.state()) {
            case IN_PROGRESS -> busy(entry);
            case DONE -> new Claim.Done();
            case DEAD -> new Claim.Dead();
        };
    }

    synchronized boolean replace(String scope, String key, long token, State state, long lasts) {
        requireUp();
        Object slot = slot(scope, key);
        Entry entry = entries.get(slot);
        if (!holds(entry, token)) {
            return false;
        }
        entries.put(slot, new Entry(state, entry.fingerprint(), entry.token(), now() + lasts));
        return true;
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return replace(scope, key, token, State.IN_PROGRESS, lease(lease));
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return replace(scope, key, token, State.DONE, retention(retention));
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return replace(scope, key, token, State.DEAD, retention(retention));
    }

    @Override
    public synchronized boolean release(String scope, String key, long token) {
        requireUp();
        Object slot = slot(scope, key);
        if (!holds(entries.get(slot), token)) {
            return false;
        }
        entries.remove(slot);
        return true;
    }

    @Override
    public synchronized void forget(String scope, String key) {
        requireUp();
        entries.remove(slot(scope, key));
    }

    @Override
    public String name() {
        return "naive";
    }

    @Override
    public IdempotencyStore open() {
        return this;
    }

    @Override
    public boolean canBeTakenDown() {
        return true;
    }

    @Override
    public synchronized void takeDown() {
        down = true;
    }

    @Override
    public synchronized void bringBack() {
        down = false;
    }

    @Override
    public synchronized OptionalLong entries() {
        return OptionalLong.of(entries.size());
    }

    boolean purgeable(Entry entry) {
        return ended(entry) && entry.state() != State.IN_PROGRESS;
    }

    @Override
    public synchronized void purge() {
        entries.values().removeIf(this::purgeable);
    }

    /** Short, because flaws let a rule wait for all of it. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(1);
    }
}
