package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.MessagingEvent.DuplicateSkipped;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.Leases.Lease;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
public final class IdempotencyLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(IdempotencyLayer.class);
    private static final String CLAIM = "claim";
    private static final String FORGET = "forget";
    private static final String COMPLETE = "complete";
    private static final Duration BUSY_LONGEST = Duration.ofSeconds(1);
    private static final Duration BUSY_SHORTEST = Duration.ofMillis(10);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final IdempotencyPolicy policy;
    private final IdempotencyStore store;
    private final @Nullable Function<Delivery<Object>, String> keyExtractor;
    private final String scope;
    private final Restrictions restrictions;
    private final Leases leases;
    private final WarningLog tooLate;
    private final WarningLog storeFailures;
    /** What waits for the store: once that is nothing, the consumer depends on it no more. */
    private final Set<Task> waiting = ConcurrentHashMap.newKeySet();

    private final Step claimAgain = this::claimAgain;
    private final Step settleAgain = this::settleAgain;

    public IdempotencyLayer(
            EngineContext engine,
            KeyedExecutor executor,
            Executor renewals,
            IdempotencyPolicy policy,
            @Nullable Function<Delivery<Object>, String> keyExtractor,
            String scope,
            Restrictions restrictions) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.store = policy.store();
        this.keyExtractor = keyExtractor;
        this.scope = scope;
        this.restrictions = restrictions;
        this.leases = new Leases(engine.time(), renewals, store, scope, policy.lease(), restrictions);
        this.tooLate = new WarningLog(log, engine.time(), "messages of " + scope + " took longer than their leases");
        this.storeFailures =
                new WarningLog(log, engine.time(), "calls of the idempotency store failed for messages of " + scope);
    }

    @Override
    void handle(Task task) {
        if (task.reason != null) {
            inner().handle(task);
            return;
        }
        String key;
        try {
            key = keyOf(task);
        } catch (Throwable e) {
            noLongerWaits(task);
            task.failure = e;
            task.reason = DeadLetterReason.PERMANENT;
            inner().handle(task);
            return;
        }
        claim(task, key);
    }

    private void claim(Task task, String key) {
        Claim claim;
        try {
            claim = store.claim(scope, key, fingerprint(task), policy.lease());
            Objects.requireNonNull(claim, "the idempotency store's claim() returned null");
        } catch (Throwable e) {
            storeFailed(task, CLAIM, e, claimAgain);
            return;
        }
        restrictions.remove(CLAIM);
        noLongerWaits(task);
        if (claim instanceof Claim.Granted granted) {
            task.tries = 0;
            task.claim = leases.start(key, granted.token());
            inner().handle(task);
        } else if (claim instanceof Claim.Busy busy) {
            task.tries++;
            Duration wait = least(least(Backoff.after(task.tries), BUSY_LONGEST), busy.leaseLeft());
            executor.park(task.then(claimAgain), wait.compareTo(BUSY_SHORTEST) < 0 ? BUSY_SHORTEST : wait);
        } else if (claim instanceof Claim.Conflict) {
            task.failure = new MessagingException(
                    ErrorCode.INVALID_MESSAGE, "the message id was already used for a message with a different body");
            task.reason = DeadLetterReason.ID_CONFLICT;
            inner().handle(task);
        } else if (claim instanceof Claim.Dead && task.message.headers().containsKey(WireHeaders.REDRIVES)) {
            // a redrive asked for it to be handled again
            try {
                store.forget(scope, key);
            } catch (Throwable e) {
                storeFailed(task, FORGET, e, claimAgain);
                return;
            }
            restrictions.remove(FORGET);
            claim(task, key);
        } else {
            if (engine.observers().any()) {
                engine.observers()
                        .tell(
                                MessagingObserver::duplicateSkipped,
                                new DuplicateSkipped(task.source(), task.id(), task.key()));
            }
            task.verdict = Verdict.DUPLICATE;
            outer().done(task);
        }
    }

    @Override
    void done(Task task) {
        Lease claim = task.claim;
        Verdict verdict = task.verdict;
        if (claim == null || verdict == null) {
            outer().done(task);
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
            restrictions.remove(COMPLETE);
            restrictions.remove(Leases.EXTENDING);
            noLongerWaits(task);
            if (!held) {
                tooLate.warn(
                        "Handling {} took longer than its idempotency lease of {}; another consumer may have"
                                + " handled it, too",
                        task,
                        policy.lease());
            }
        } catch (Throwable e) {
            if (verdict == Verdict.RELEASED) {
                // the broker gives it out again; the claim ends with its lease
                storeFailures.warn(
                        "The idempotency store could not release {}: {}; the claim ends with its lease",
                        task,
                        Failures.text(e));
            } else {
                storeFailed(task, COMPLETE, e, settleAgain);
                return;
            }
        }
        giveUpClaim(task);
        outer().done(task);
    }

    private static void giveUpClaim(Task task) {
        Lease claim = task.claim;
        if (claim != null) {
            claim.stop();
            task.claim = null;
        }
    }

    private void claimAgain(Task task) {
        if (task.isCancelRequested()) {
            noLongerWaits(task);
            release(task);
        } else {
            handle(task);
        }
    }

    private void settleAgain(Task task) {
        if (task.isCancelRequested()) {
            // the work is done although the store never learned: a redelivery would only do it again
            noLongerWaits(task);
            giveUpClaim(task);
            outer().done(task);
        } else {
            done(task);
        }
    }

    private void storeFailed(Task task, String operation, Throwable e, Step next) {
        task.tries++;
        Duration wait = Backoff.after(task.tries);
        String why = Failures.text(e);
        waiting.add(task);
        restrictions.add(
                operation,
                "the idempotency store could not " + operation + " a message: " + why + "; messages wait until it can");
        if (task.tries == 1) {
            storeFailures.warn(
                    "The idempotency store could not {} {}: {}; retrying in {} and then with backoff",
                    operation,
                    task,
                    why,
                    wait);
        }
        executor.park(task.then(next), wait);
    }

    /** It got its answer, or is handed back before the store has given one. */
    private void noLongerWaits(Task task) {
        if (task.tries > 0 && waiting.remove(task) && waiting.isEmpty()) {
            restrictions.remove(CLAIM);
            restrictions.remove(FORGET);
            restrictions.remove(COMPLETE);
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private String keyOf(Task task) {
        String key = keyExtractor == null ? task.id() : keyExtractor.apply(task);
        if (key == null || key.isEmpty() || key.length() > Limits.MAX_KEY_LENGTH) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the idempotency key must have 1 to " + Limits.MAX_KEY_LENGTH + " characters");
        }
        return key;
    }

    /**
     * Of two polynomials, because processors have instructions for both. With a business key it says nothing: messages
     * that mean the same may differ, as in a time stamp.
     */
    private long fingerprint(Task task) {
        if (keyExtractor != null) {
            return 0;
        }
        byte[] body = task.message.body();
        CRC32C one = new CRC32C();
        one.update(body, 0, body.length);
        CRC32 other = new CRC32();
        other.update(body, 0, body.length);
        return one.getValue() << 32 | other.getValue();
    }
}
