package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.MessagingEvent.DeadLettered;
import io.anymq.MessagingEvent.Discarded;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.DeadLetterPolicy.Then;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead-letters messages that have exhausted their retries: publishes and confirms first, then settles. While the
 * dead-letter queue takes nothing the original stays unsettled and its key waits.
 */
public final class DeadLetterLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterLayer.class);

    private static final String PUBLISHING = "dead letter: ";
    private static final Duration STOPPING = Duration.ofMinutes(1);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final DeadLetterPolicy policy;
    private final @Nullable Queue queue;
    private final @Nullable Sending sending;
    private final Restrictions restrictions;
    private final Consumer<String> stop;
    private final FailureLog failures;
    private final WarningLog warnings;
    private final Step handleAgain = unlessParked(this::handle);
    private final Step stopping = this::stopping;
    private final Step published = this::published;
    private final Step publishAgain = this::publishAgain;
    private final Set<String> parkedKeys = ConcurrentHashMap.newKeySet();

    /** {@code queue} and {@code sending} are null where nothing is kept; {@code stop} ends the consumer. */
    public DeadLetterLayer(
            EngineContext engine,
            KeyedExecutor executor,
            DeadLetterPolicy policy,
            @Nullable Queue queue,
            @Nullable Sending sending,
            Restrictions restrictions,
            Consumer<String> stop,
            FailureLog failures) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.queue = queue;
        this.sending = sending;
        this.restrictions = restrictions;
        this.stop = stop;
        this.failures = failures;
        this.warnings = new WarningLog(log, engine.time(), "dead letters could not be published");
    }

    public Set<String> parkedKeys() {
        return parkedKeys;
    }

    @Override
    void handle(Task task) {
        DeadLetterReason reason =
                task.reason == null && followsParkedKey(task) ? DeadLetterReason.KEY_PARKED : task.reason;
        if (reason == null) {
            inner().handle(task);
        } else if (executor.isFollower(task)) {
            // earlier messages wait in a batch and must not be overtaken
            executor.giveBack(task.then(handleAgain));
        } else {
            task.reason = reason;
            giveUp(task, reason);
        }
    }

    private boolean followsParkedKey(Task task) {
        return !parkedKeys.isEmpty() && task.key() != null && parkedKeys.contains(task.key());
    }

    /**
     * A task that a batch gave back goes on here: with {@code next}, unless its key was parked in the meantime, perhaps
     * by one that was handed out with it.
     */
    public Step unlessParked(Step next) {
        return task -> {
            if (task.isCancelRequested()) {
                release(task);
            } else if (followsParkedKey(task)) {
                handle(task);
            } else {
                next.run(task);
            }
        };
    }

    @Override
    void done(Task task) {
        if (task.verdict == null && task.reason != null) {
            giveUp(task, task.reason);
        } else {
            outer().done(task);
        }
    }

    private void giveUp(Task task, DeadLetterReason reason) {
        task.tries = 0;
        if (policy.then() == Then.STOP) {
            executor.pause();
            failures.kept(task);
            stop.accept(task + " exhausted its retries (" + reason + cause(task) + ") and its dead-letter policy"
                    + " is STOP");
            // it keeps its key until the close calls it back, so that later messages do not overtake it
            executor.park(task.then(stopping), STOPPING);
        } else if (policy.isDiscard()) {
            failures.discarded(task);
            park(task);
            tellDiscarded(task, reason);
            task.verdict = Verdict.DISCARDED;
            outer().done(task);
        } else {
            publish(task);
        }
    }

    private static String cause(Task task) {
        return task.failure == null ? "" : ", " + task.failure.getClass().getName();
    }

    private void park(Task task) {
        // one that only followed a parked key must not park it again behind the back of resumeKey
        if (policy.then() == Then.PARK_KEY && task.key() != null && task.reason != DeadLetterReason.KEY_PARKED) {
            parkedKeys.add(task.key());
        }
    }

    private void publish(Task task) {
        Sending to = sending;
        if (to == null) {
            throw new IllegalStateException("no dead-letter sender for " + task);
        }
        executor.pend(task.then(published));
        Futures.onEnd(
                to.send(EncodedMessage.of(
                        task.message,
                        DeadLetterHeaders.of(
                                task, policy.isExceptionDetails(), engine.time().currentTimeMillis()))),
                failure -> {
                    if (failure == null) {
                        task.verdict = Verdict.DEAD;
                        noLongerWaits(task);
                    } else {
                        task.tries++;
                        restrictions.add(
                                waiting(task),
                                "dead-letter queue " + to.destination().name() + " does not take " + task + ": "
                                        + failure.getMessage() + "; it waits, with its key, until it is taken");
                        if (task.tries == 1) {
                            warnings.warn(
                                    "Could not publish {} to dead-letter queue {}: {}; retrying",
                                    task,
                                    to.destination().name(),
                                    failure.toString());
                        }
                    }
                    executor.unpark(task);
                });
    }

    private static String waiting(Task task) {
        return PUBLISHING + task.id();
    }

    private void noLongerWaits(Task task) {
        if (task.tries > 0) {
            restrictions.remove(waiting(task));
        }
    }

    private void tellDiscarded(Task task, DeadLetterReason reason) {
        if (engine.observers().any()) {
            engine.observers()
                    .tell(
                            MessagingObserver::discarded,
                            new Discarded(task.source(), task.id(), task.key(), reason, task.attempt, task.failure));
        }
    }

    private void tellDeadLettered(Task task) {
        Queue to = queue;
        DeadLetterReason reason = task.reason;
        if (to != null && reason != null && engine.observers().any()) {
            engine.observers()
                    .tell(
                            MessagingObserver::deadLettered,
                            new DeadLettered(
                                    task.source(), task.id(), task.key(), to, reason, task.attempt, task.failure));
        }
    }

    private void published(Task task) {
        if (task.verdict != Verdict.DEAD) {
            executor.park(task.then(publishAgain), Backoff.after(task.tries));
            return;
        }
        task.tries = 0;
        park(task);
        failures.deadLettered(task, queue);
        tellDeadLettered(task);
        outer().done(task);
    }

    private void publishAgain(Task task) {
        if (task.isCancelRequested()) {
            noLongerWaits(task);
            release(task);
        } else {
            publish(task);
        }
    }

    private void stopping(Task task) {
        if (task.isCancelRequested()) {
            release(task);
        } else {
            executor.park(task.then(stopping), STOPPING);
        }
    }
}
