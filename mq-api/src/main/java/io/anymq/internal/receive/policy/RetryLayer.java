package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.MessagingEvent.RetryScheduled;
import io.anymq.MessagingObserver;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.keys.RateLimiter;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again: in place, with the key waiting, or by way of the broker where there is no order and the wait is long.
 */
public final class RetryLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(RetryLayer.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final RetryPolicy policy;
    private final ReturnPath redelivery;
    private final boolean mayForward;
    private final @Nullable RateLimiter limiter;
    private final FailureLog failures;
    private final WarningLog warnings;
    private final Step retry = this::retry;
    private final Step attemptOnTurn = this::attemptOnTurn;
    private final Step forwarded = this::forwarded;

    public RetryLayer(
            EngineContext engine,
            KeyedExecutor executor,
            RetryPolicy policy,
            Ordering ordering,
            ReturnPath redelivery,
            @Nullable RateLimiter limiter,
            FailureLog failures) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.redelivery = redelivery;
        this.limiter = limiter;
        this.failures = failures;
        this.warnings = new WarningLog(log, engine.time(), "retries could not be scheduled at the broker");
        this.mayForward = ordering == Ordering.UNORDERED && redelivery.isPossible();
    }

    @Override
    void handle(Task task) {
        task.limitStatedAttempts(policy.maxAttempts() - 1);
        if (task.attempt >= policy.maxAttempts()) {
            // its attempts were spent by processes that did not live to report them
            task.reason = DeadLetterReason.MAX_ATTEMPTS;
            outer().done(task);
            return;
        }
        attempt(task);
    }

    private void attempt(Task task) {
        if (hasExpired(task)) {
            giveUp(task, DeadLetterReason.EXPIRED);
            return;
        }
        long now = engine.time().currentTimeMillis();
        if (task.firstAttemptAtMillis == 0) {
            task.firstAttemptAtMillis = now;
        } else if (isTooLate(task, Duration.ZERO)) {
            // it was called later than planned: a rate limit, a process that stood still, a broker that was away
            giveUp(task, DeadLetterReason.EXPIRED);
            return;
        }
        if (task.beginAttempt(now)) {
            inner().handle(task);
        } else {
            release(task);
        }
    }

    @Override
    void done(Task task) {
        Throwable failure = task.failure;
        if (failure == null || task.verdict != null) {
            if (failure != null) {
                task.endAttempt();
            }
            // one that has succeeded is taken back if it is lost before it is settled
            outer().done(task);
            return;
        }
        if (task.origin.isForcedToEnd() || task.fenced) {
            // the close has interrupted the handler: not the message's fault; or it belongs to another consumer now,
            // which will judge it
            if (!task.fenced) {
                task.takeAttemptBack();
            }
            release(task);
            return;
        }
        task.endAttempt();
        if (!policy.isRetryable(failure)) {
            giveUp(task, DeadLetterReason.PERMANENT);
        } else if (task.attempt >= policy.maxAttempts()) {
            giveUp(task, DeadLetterReason.MAX_ATTEMPTS);
        } else {
            waitFor(task, policy.delayAfter(task.attempt, engine.random()));
        }
    }

    private void giveUp(Task task, DeadLetterReason reason) {
        task.reason = reason;
        outer().done(task);
    }

    private void waitFor(Task task, Duration delay) {
        if (isTooLate(task, delay)) {
            giveUp(task, DeadLetterReason.EXPIRED);
            return;
        }
        if (task.isCancelRequested()) {
            release(task);
            return;
        }
        failures.failed(task, policy.maxAttempts(), delay);
        if (engine.observers().any()) {
            engine.observers()
                    .tell(
                            MessagingObserver::retryScheduled,
                            new RetryScheduled(
                                    task.source(), task.id(), task.key(), task.attempt + 1, delay, task.failure));
        }
        if (mayForward && delay.compareTo(policy.inPlaceLimit()) > 0) {
            forward(task, engine.time().currentTimeMillis() + delay.toMillis());
        } else {
            executor.park(task.then(retry), delay);
        }
    }

    private boolean hasExpired(Task task) {
        long expiresAt = task.message.expiresAtMillis();
        return expiresAt != 0 && engine.time().currentTimeMillis() >= expiresAt;
    }

    private boolean isTooLate(Task task, Duration delay) {
        Duration limit = policy.maxElapsed();
        if (limit.isZero()) {
            return false;
        }
        long elapsed = engine.time().currentTimeMillis() - task.firstAttemptAtMillis;
        return Duration.ofMillis(elapsed).plus(delay).compareTo(limit) > 0;
    }

    private void forward(Task task, long deliverAtMillis) {
        Map<String, String> headers = new LinkedHashMap<>(task.message.headers());
        EarlierAttempts.write(headers, task);
        executor.pend(task.then(forwarded));
        Futures.onEnd(redelivery.send(task.message, headers, deliverAtMillis), failure -> {
            if (failure == null) {
                task.verdict = Verdict.FORWARDED;
            } else {
                warnings.warn(
                        "Could not schedule the retry of {} at the broker: {}; retrying in memory",
                        task,
                        failure.toString());
            }
            executor.unpark(task);
        });
    }

    private void forwarded(Task task) {
        if (task.verdict == Verdict.FORWARDED) {
            outer().done(task);
        } else if (task.isCancelRequested()) {
            release(task);
        } else {
            executor.park(task.then(retry), policy.delayAfter(task.attempt, engine.random()));
        }
    }

    /** A retry takes its turn among the starts that the rate limit allows, like a first attempt does. */
    private void retry(Task task) {
        long wait = limiter == null || task.isCancelRequested()
                ? 0
                : limiter.reserve(engine.time().nanoTime());
        if (wait > 0) {
            executor.park(task.then(attemptOnTurn), Duration.ofNanos(wait));
        } else {
            attemptOnTurn(task);
        }
    }

    private void attemptOnTurn(Task task) {
        if (task.isCancelRequested()) {
            release(task);
        } else {
            attempt(task);
        }
    }

    /** The step after a wait, for a task that a batch gave back. */
    public Step retryStep() {
        return retry;
    }
}
