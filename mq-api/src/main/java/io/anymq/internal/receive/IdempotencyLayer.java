package io.anymq.internal.receive;

import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.MessagingException;
import io.anymq.internal.receive.Leases.Lease;
import io.anymq.internal.support.EngineContext;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims a message before it is handled and marks it done after its outputs are confirmed. A store that fails stops the
 * message, not the policy: it is asked again, no attempt is spent, nothing is settled meanwhile.
 */
final class IdempotencyLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(IdempotencyLayer.class);
    private static final Duration BUSY_LONGEST = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final IdempotencyPolicy policy;
    private final IdempotencyStore store;
    private final @Nullable Function<Delivery<Object>, String> keyExtractor;
    private final String scope;
    private final Leases leases;

    IdempotencyLayer(
            EngineContext engine,
            KeyedExecutor executor,
            Executor renewals,
            IdempotencyPolicy policy,
            @Nullable Function<Delivery<Object>, String> keyExtractor,
            String scope) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.store = policy.store();
        this.keyExtractor = keyExtractor;
        this.scope = scope;
        this.leases = new Leases(engine.time(), renewals, store, scope, policy.lease());
    }

    @Override
    void handle(Work work) {
        if (work.reason != null) {
            inner().handle(work);
            return;
        }
        String key;
        try {
            key = keyOf(work);
        } catch (RuntimeException e) {
            work.failure = e;
            work.reason = DeadReason.PERMANENT;
            inner().handle(work);
            return;
        }
        claim(work, key);
    }

    private void claim(Work work, String key) {
        Claim claim;
        try {
            claim = store.claim(scope, key, fingerprint(work.message.body()), policy.lease());
        } catch (RuntimeException e) {
            storeFailed(work, "claim", e);
            return;
        }
        if (claim instanceof Claim.Granted granted) {
            work.tries = 0;
            work.claim = leases.start(key, granted.token());
            inner().handle(work);
        } else if (claim instanceof Claim.Busy busy) {
            work.tries++;
            Duration wait = Backoff.after(work.tries);
            wait = wait.compareTo(BUSY_LONGEST) > 0 ? BUSY_LONGEST : wait;
            executor.park(work, busy.leaseLeft().compareTo(wait) < 0 ? busy.leaseLeft() : wait, this);
        } else if (claim instanceof Claim.Conflict) {
            work.failure = new MessagingException(
                    ErrorCode.INVALID_MESSAGE, "the id or business key was seen before with another body");
            work.reason = DeadReason.ID_CONFLICT;
            inner().handle(work);
        } else if (claim instanceof Claim.Dead && work.message.headers().containsKey(WireHeaders.REDRIVES)) {
            // somebody asked for it to be handled again
            try {
                store.forget(scope, key);
            } catch (RuntimeException e) {
                storeFailed(work, "forget", e);
                return;
            }
            claim(work, key);
        } else {
            engine.observers().tell(observer -> observer.duplicateSkipped(work.source(), work.id()));
            work.verdict = Verdict.DUPLICATE;
            outer().done(work);
        }
    }

    @Override
    void done(Work work) {
        Lease claim = work.claim;
        Verdict verdict = work.verdict;
        if (claim == null || verdict == null) {
            outer().done(work);
            return;
        }
        try {
            boolean held =
                    switch (verdict) {
                        case HANDLED, DISCARDED ->
                            store.complete(scope, claim.key(), claim.token(), policy.retention());
                        case DEAD -> store.bury(scope, claim.key(), claim.token(), policy.retention());
                        case FORWARDED, RELEASED, DUPLICATE -> store.release(scope, claim.key(), claim.token());
                    };
            if (!held) {
                log.warn(
                        "{} took longer than its lease of {}: another consumer may have handled it too",
                        work,
                        policy.lease());
            }
        } catch (RuntimeException e) {
            if (verdict == Verdict.RELEASED) {
                // the broker gives it out again; the claim ends with its lease
                log.warn("the idempotency store failed to release {}: {}", work, e.toString());
            } else {
                storeFailed(work, "complete", e);
                return;
            }
        }
        giveUpClaim(work);
        outer().done(work);
    }

    private static void giveUpClaim(Work work) {
        Lease claim = work.claim;
        if (claim != null) {
            claim.stop();
            work.claim = null;
        }
    }

    @Override
    void resume(Work work) {
        if (work.verdict != null) {
            if (work.cancelRequested) {
                // the work is done although the store never learned: a redelivery would only do it again
                giveUpClaim(work);
                outer().done(work);
            } else {
                done(work);
            }
        } else if (work.cancelRequested) {
            work.verdict = Verdict.RELEASED;
            outer().done(work);
        } else {
            handle(work);
        }
    }

    private void storeFailed(Work work, String operation, RuntimeException e) {
        work.tries++;
        Duration wait = Backoff.after(work.tries);
        if (work.tries == 1) {
            log.warn(
                    "the idempotency store cannot {} {}: {}; asked again in {} until it answers",
                    operation,
                    work,
                    e.toString(),
                    wait);
        }
        executor.park(work, wait, this);
    }

    private String keyOf(Work work) {
        String key = keyExtractor == null ? work.id() : keyExtractor.apply(work);
        if (key == null || key.isEmpty() || key.length() > Limits.MAX_KEY_LENGTH) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the idempotency key function must return 1 to " + Limits.MAX_KEY_LENGTH + " characters");
        }
        return key;
    }

    /** Of two polynomials, because processors have instructions for both. */
    private static long fingerprint(byte[] body) {
        CRC32C one = new CRC32C();
        one.update(body, 0, body.length);
        CRC32 other = new CRC32();
        other.update(body, 0, body.length);
        return one.getValue() << 32 | other.getValue();
    }
}
