package io.anymq.internal.receive;

import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again: in place, with the key waiting, or by way of the broker where there is no order and the wait is long.
 */
final class RetryLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(RetryLayer.class);

    /** In {@link Work#tries}: the rate limiter has been asked, and its wait is over. */
    private static final int TURN_TAKEN = -1;

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final RetryPolicy policy;
    private final Redelivery redelivery;
    private final boolean mayForward;
    private final @Nullable RateLimiter limiter;

    RetryLayer(
            EngineContext engine,
            KeyedExecutor executor,
            RetryPolicy policy,
            Ordering ordering,
            Redelivery redelivery,
            @Nullable RateLimiter limiter) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.redelivery = redelivery;
        this.limiter = limiter;
        this.mayForward = ordering == Ordering.UNORDERED && redelivery.isPossible();
    }

    @Override
    void handle(Work work) {
        if (work.attempt >= policy.maxAttempts()) {
            // its attempts were spent by processes that did not live to report them
            work.reason = DeadReason.MAX_ATTEMPTS;
            outer().done(work);
            return;
        }
        attempt(work);
    }

    private void attempt(Work work) {
        if (work.firstAttemptAtMillis == 0) {
            work.firstAttemptAtMillis = engine.time().currentTimeMillis();
        } else if (isTooLate(work, Duration.ZERO)) {
            // it was called later than planned: a rate limit, a process that stood still, a broker that was away
            giveUp(work, DeadReason.EXPIRED);
            return;
        }
        work.attempt++;
        work.message.attemptStarting(work.attempt);
        inner().handle(work);
    }

    @Override
    void done(Work work) {
        Throwable failure = work.failure;
        if (failure == null || work.verdict != null) {
            outer().done(work);
        } else if (work.loop.isForcedToEnd() || work.fenced) {
            // the close has interrupted the handler: not the message's fault; or it belongs to another consumer now,
            // which will judge it
            release(work);
        } else if (!policy.isRetryable(failure)) {
            giveUp(work, DeadReason.PERMANENT);
        } else if (work.attempt >= policy.maxAttempts()) {
            giveUp(work, DeadReason.MAX_ATTEMPTS);
        } else {
            waitFor(work, policy.delayAfter(work.attempt, engine.random()));
        }
    }

    private void giveUp(Work work, DeadReason reason) {
        work.reason = reason;
        outer().done(work);
    }

    private void waitFor(Work work, Duration delay) {
        if (isTooLate(work, delay)) {
            giveUp(work, DeadReason.EXPIRED);
            return;
        }
        if (work.cancelRequested) {
            release(work);
            return;
        }
        if (engine.observers().any()) {
            engine.observers()
                    .tell(observer ->
                            observer.retryScheduled(work.source(), work.id(), work.attempt + 1, delay.toNanos()));
        }
        if (mayForward && delay.compareTo(policy.inPlaceLimit()) > 0) {
            forward(work, engine.time().currentTimeMillis() + delay.toMillis());
        } else {
            executor.park(work, delay, this);
        }
    }

    private boolean isTooLate(Work work, Duration delay) {
        Duration limit = policy.maxElapsed();
        if (limit.isZero()) {
            return false;
        }
        long elapsed = engine.time().currentTimeMillis() - work.firstAttemptAtMillis;
        return Duration.ofMillis(elapsed).plus(delay).compareTo(limit) > 0;
    }

    private void forward(Work work, long deliverAtMillis) {
        Map<String, String> headers = new LinkedHashMap<>(work.message.headers());
        headers.put(WireHeaders.ATTEMPTS, Integer.toString(work.attempt));
        headers.put(WireHeaders.FIRST_ATTEMPT_AT, Long.toString(work.firstAttemptAtMillis));
        executor.pend(work, this);
        Futures.onEnd(redelivery.send(work.message, headers, deliverAtMillis), failure -> {
            if (failure == null) {
                work.verdict = Verdict.FORWARDED;
            } else {
                work.tries++;
                log.warn("{} cannot be put off at the broker: {}; it waits here", work, failure.toString());
            }
            executor.unpark(work);
        });
    }

    @Override
    void resume(Work work) {
        if (work.verdict == Verdict.FORWARDED) {
            outer().done(work);
        } else if (work.cancelRequested) {
            release(work);
        } else if (work.tries > 0) {
            work.tries = 0;
            executor.park(work, policy.delayAfter(work.attempt, engine.random()), this);
        } else {
            attemptWithinRate(work);
        }
    }

    /** A retry takes its turn among the starts that the rate limit allows, like a first attempt does. */
    private void attemptWithinRate(Work work) {
        if (limiter == null || work.tries == TURN_TAKEN) {
            work.tries = 0;
            attempt(work);
            return;
        }
        long wait = limiter.reserve(engine.time().nanoTime());
        if (wait == 0) {
            attempt(work);
        } else {
            work.tries = TURN_TAKEN;
            executor.park(work, Duration.ofNanos(wait), this);
        }
    }

    private void release(Work work) {
        work.verdict = Verdict.RELEASED;
        outer().done(work);
    }
}
