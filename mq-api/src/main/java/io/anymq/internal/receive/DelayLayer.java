package io.anymq.internal.receive;

import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the broker has no delay of its own: what arrives too early waits here if it is due soon, else it goes to the
 * redelivery lanes and leaves its room to others. It stands before the ordering, since delayed messages have no order.
 */
final class DelayLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(DelayLayer.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final OrderingLayer ordering;
    private final Redelivery redelivery;

    DelayLayer(EngineContext engine, KeyedExecutor executor, OrderingLayer ordering, Redelivery redelivery) {
        this.engine = engine;
        this.executor = executor;
        this.ordering = ordering;
        this.redelivery = redelivery;
    }

    /** Takes new work, on the receive thread. */
    void accept(Work work) {
        if (!redelivery.isEmulated() || remainingMillis(work) <= 0) {
            ordering.accept(work);
        } else {
            work.resumeAt = this;
            executor.submitUnordered(work);
        }
    }

    private long remainingMillis(Work work) {
        long deliverAt = work.message.deliverAtMillis();
        return deliverAt == 0 ? 0 : deliverAt - engine.time().currentTimeMillis();
    }

    @Override
    void handle(Work work) {
        throw new IllegalStateException("work enters through accept");
    }

    @Override
    void resume(Work work) {
        if (work.verdict == Verdict.FORWARDED) {
            ordering.done(work);
            return;
        }
        if (work.cancelRequested) {
            work.verdict = Verdict.RELEASED;
            ordering.done(work);
            return;
        }
        if (work.tries > 0) {
            int failures = work.tries;
            work.tries = -failures;
            executor.park(work, Backoff.after(failures), this);
            return;
        }
        work.tries = -work.tries;
        long remaining = remainingMillis(work);
        if (remaining <= 0) {
            work.tries = 0;
            work.resumeAt = null;
            work.move(Work.State.RUNNING, Work.State.QUEUED);
            if (work.cancelRequested && work.start()) {
                // the cancel came while it was running here and counts on it to end by itself
                work.verdict = Verdict.RELEASED;
                ordering.done(work);
                return;
            }
            ordering.accept(work);
            executor.kick();
        } else if (remaining <= Redelivery.SHORTEST_MILLIS) {
            executor.park(work, Duration.ofMillis(remaining), this);
        } else {
            forward(work);
        }
    }

    private void forward(Work work) {
        executor.pend(work, this);
        Map<String, String> headers = work.message.headers();
        Futures.onEnd(redelivery.send(work.message, headers, work.message.deliverAtMillis()), failure -> {
            if (failure == null) {
                work.verdict = Verdict.FORWARDED;
            } else {
                work.tries++;
                log.warn("{} cannot be put off: {}; tried again", work, failure.toString());
            }
            executor.unpark(work);
        });
    }
}
