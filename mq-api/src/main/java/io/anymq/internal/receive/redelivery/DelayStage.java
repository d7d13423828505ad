package io.anymq.internal.receive.redelivery;

import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.OrderingLayer;
import io.anymq.internal.receive.policy.Step;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.receive.policy.Verdict;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.WarningLog;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In front of the layers, because delayed messages have no order. Where the broker has no delay of its own, a message
 * that arrives too early waits here if it is due soon; otherwise it goes to the redelivery lanes and leaves its room to
 * others.
 */
public final class DelayStage {
    /** A sender may ask for 7 days; a header that states a longer wait than that and a clock's error is not AnyMQ's. */
    static final long LONGEST_MILLIS = Duration.ofDays(8).toMillis();

    private static final Logger log = LoggerFactory.getLogger(DelayStage.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final OrderingLayer ordering;
    private final Redelivery redelivery;
    private final WarningLog warnings;
    private final Step startWhenDue = this::startWhenDue;
    private final Step forwarded = this::forwarded;

    public DelayStage(EngineContext engine, KeyedExecutor executor, OrderingLayer ordering, Redelivery redelivery) {
        this.engine = engine;
        this.executor = executor;
        this.ordering = ordering;
        this.redelivery = redelivery;
        this.warnings = new WarningLog(log, engine.time(), "messages could not be delayed at the broker");
    }

    /** For messages of redelivery lanes. */
    public HeldBack heldBack() {
        return new HeldBack(engine.time(), redelivery.clock());
    }

    /** Takes a new task, on the receive thread. */
    public void accept(Task task) {
        if (redelivery.isEmulated()) {
            InboundMessage message = task.message;
            task.dueAtMillis =
                    LaneClock.isStamped(message) ? redelivery.clock().dueAtMillis(message) : message.deliverAtMillis();
        }
        if (!redelivery.isEmulated() || remainingMillis(task) <= 0) {
            ordering.accept(task);
        } else {
            executor.submitUnordered(task.then(startWhenDue));
        }
    }

    private long remainingMillis(Task task) {
        long remaining =
                task.dueAtMillis == 0 ? 0 : task.dueAtMillis - engine.time().currentTimeMillis();
        return remaining > LONGEST_MILLIS ? 0 : remaining;
    }

    private void startWhenDue(Task task) {
        if (task.isCancelRequested()) {
            release(task);
            return;
        }
        long remaining = remainingMillis(task);
        if (remaining <= 0) {
            task.tries = 0;
            if (executor.returnUnbegun(task)) {
                ordering.accept(task);
                executor.kick();
            } else {
                release(task);
            }
        } else if (remaining <= Redelivery.SHORTEST_MILLIS) {
            executor.park(task.then(startWhenDue), Duration.ofMillis(remaining));
        } else {
            forward(task);
        }
    }

    private void forward(Task task) {
        executor.pend(task.then(forwarded));
        Map<String, String> headers = task.message.headers();
        Futures.onEnd(redelivery.send(task.message, headers, task.dueAtMillis), failure -> {
            if (failure == null) {
                task.verdict = Verdict.FORWARDED;
            } else {
                task.tries++;
                if (task.tries == 1) {
                    warnings.warn("Could not delay {} at the broker: {}; retrying", task, failure.toString());
                }
            }
            executor.unpark(task);
        });
    }

    private void forwarded(Task task) {
        if (task.verdict == Verdict.FORWARDED) {
            ordering.done(task);
        } else if (task.isCancelRequested()) {
            release(task);
        } else {
            executor.park(task.then(startWhenDue), Backoff.after(task.tries));
        }
    }

    private void release(Task task) {
        task.verdict = Verdict.RELEASED;
        ordering.done(task);
    }
}
