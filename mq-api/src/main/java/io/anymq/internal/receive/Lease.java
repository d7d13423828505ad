package io.anymq.internal.receive;

import io.anymq.TimeSource;
import io.anymq.TimeSource.Cancellable;
import io.anymq.policy.IdempotencyStore;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one claim alive while its message is being handled: prolonged three times within a lease, until {@link #stop()}.
 * Stopping is final, also against a renewal that is under way, or a claim could be held by nobody for ever. Thread-safe.
 */
final class Lease {
    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    private final TimeSource time;
    private final Executor executor;
    private final IdempotencyStore store;
    private final String scope;
    private final String key;
    private final long token;
    private final Duration length;
    private @Nullable Cancellable timer;
    private boolean stopped;

    /** {@code executor} runs the store's calls, which may block. */
    Lease(
            TimeSource time,
            Executor executor,
            IdempotencyStore store,
            String scope,
            String key,
            long token,
            Duration length) {
        this.time = time;
        this.executor = executor;
        this.store = store;
        this.scope = scope;
        this.key = key;
        this.token = token;
        this.length = length;
    }

    String key() {
        return key;
    }

    long token() {
        return token;
    }

    /** Prolongs it later, and again and again. */
    synchronized void start() {
        if (!stopped) {
            timer = time.schedule(this::due, length.dividedBy(3));
        }
    }

    synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void due() {
        try {
            executor.execute(this::prolong);
        } catch (RejectedExecutionException e) {
            log.debug("the consumer is closed: a claim is left to end with its lease");
        }
    }

    private void prolong() {
        if (isStopped()) {
            return;
        }
        try {
            if (!store.prolong(scope, key, token, length)) {
                return;
            }
        } catch (RuntimeException e) {
            log.warn("the idempotency store cannot prolong a lease: {}", e.toString());
        }
        start();
    }
}
