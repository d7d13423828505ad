package io.anymq.internal.receive.policy;

import io.anymq.VirtualTime;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of which single operations can be made to fail, with checked exceptions too. */
final class ScriptedStore implements IdempotencyStore {
    /** Operations that were answered, such as {@code claim m1}. */
    final List<String> answered = new CopyOnWriteArrayList<>();

    final AtomicInteger refused = new AtomicInteger();
    /** Runs before an operation fails. */
    volatile Runnable meanwhile = () -> {};

    private final Map<String, Throwable> down = new ConcurrentHashMap<>();
    private final InMemoryIdempotencyStore store;

    ScriptedStore(VirtualTime time) {
        this.store = new InMemoryIdempotencyStore(1_000, time::nanoTime);
    }

    /** From now on this operation fails. */
    void down(String operation, Throwable failure) {
        down.put(operation, failure);
    }

    /** Everything works again. */
    void up() {
        down.clear();
    }

    private void enter(String operation, String key) {
        Throwable failure = down.get(operation);
        if (failure != null) {
            refused.incrementAndGet();
            meanwhile.run();
            throw Sneaky.thrown(failure);
        }
        if (!operation.equals("prolong")) {
            answered.add(operation + " " + key);
        }
    }

    /** Throws as a driver written in Kotlin would. */
    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        enter("claim", key);
        return store.claim(scope, key, fingerprint, lease);
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        enter("prolong", key);
        return store.prolong(scope, key, token, lease);
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        enter("complete", key);
        return store.complete(scope, key, token, retention);
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        enter("bury", key);
        return store.bury(scope, key, token, retention);
    }

    @Override
    public boolean release(String scope, String key, long token) {
        enter("release", key);
        return store.release(scope, key, token);
    }

    @Override
    public void forget(String scope, String key) {
        enter("forget", key);
        store.forget(scope, key);
    }
}
