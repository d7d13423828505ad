package io.anymq.internal.receive.policy;

import io.anymq.TimeSource;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.IdempotencyStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a consumer's claims alive while their messages are being handled: each is prolonged when between a sixth and a
 * quarter of it has passed, until it is stopped. Stopping is final, even during a renewal, so that no claim outlives
 * its owner. A single timer renews all claims, because one timer per claim would cost more than the claim; it stops
 * while there are none. Thread-safe.
 */
final class Leases {
    private static final Logger log = LoggerFactory.getLogger(Leases.class);
    /** Holds until the store answers again. */
    static final String EXTENDING = "store: extend";

    private static final int TICKS = 12;
    private static final int TICKS_UNTIL_RENEWAL = 3;

    private final TimeSource time;
    private final Executor executor;
    private final IdempotencyStore store;
    private final String scope;
    private final Duration length;
    private final Restrictions restrictions;
    private final WarningLog warnings;
    private final Set<Lease> held = ConcurrentHashMap.newKeySet();
    private volatile boolean ticking;

    /** {@code executor} runs the store's calls, which may block. */
    Leases(
            TimeSource time,
            Executor executor,
            IdempotencyStore store,
            String scope,
            Duration length,
            Restrictions restrictions) {
        this.time = time;
        this.executor = executor;
        this.store = store;
        this.scope = scope;
        this.length = length;
        this.restrictions = restrictions;
        this.warnings = new WarningLog(log, time, "idempotency leases of " + scope + " could not be extended");
    }

    /** Prolongs a claim from now on. */
    Lease start(String key, long token) {
        Lease lease = new Lease(key, token);
        held.add(lease);
        // after the addition, as the tick that finds nothing looks once more after it has said that it is the last
        if (!ticking) {
            wake();
        }
        return lease;
    }

    /** Without a lease there is none to extend, whether or not the store works. */
    private void noLongerExtendsIfIdle() {
        if (held.isEmpty()) {
            restrictions.remove(EXTENDING);
        }
    }

    private synchronized void wake() {
        if (!ticking) {
            ticking = true;
            time.schedule(this::tick, length.dividedBy(TICKS));
        }
    }

    private void tick() {
        held.forEach(Lease::tick);
        ticking = false;
        if (!held.isEmpty()) {
            wake();
        }
    }

    /** One claim. */
    final class Lease {
        private final String key;
        private final long token;
        private volatile boolean stopped;
        private volatile boolean beingRenewed;
        private int ticks;

        private Lease(String key, long token) {
            this.key = key;
            this.token = token;
        }

        String key() {
            return key;
        }

        long token() {
            return token;
        }

        void stop() {
            stopped = true;
            held.remove(this);
            noLongerExtendsIfIdle();
        }

        /** By the timer only. */
        private void tick() {
            if (++ticks < TICKS_UNTIL_RENEWAL || beingRenewed) {
                return;
            }
            ticks = 0;
            beingRenewed = true;
            try {
                executor.execute(this::prolong);
            } catch (RejectedExecutionException closed) {
                // the consumer has ended: the claim ends with its lease
                stop();
            } catch (Throwable e) {
                // such as no memory for another thread
                beingRenewed = false;
                warnings.warn(
                        "Could not begin to extend an idempotency lease: {}; trying again at the next renewal",
                        Failures.text(e));
            }
        }

        private void prolong() {
            try {
                if (!stopped && !store.prolong(scope, key, token, length)) {
                    stop();
                }
                restrictions.remove(EXTENDING);
            } catch (Throwable e) {
                restrictions.add(EXTENDING, "the idempotency store could not extend a lease: " + Failures.text(e));
                // the lease may have been stopped meanwhile
                noLongerExtendsIfIdle();
                warnings.warn(
                        "The idempotency store could not extend a lease: {}; trying again at the next renewal",
                        Failures.text(e));
            } finally {
                beingRenewed = false;
            }
        }
    }
}
