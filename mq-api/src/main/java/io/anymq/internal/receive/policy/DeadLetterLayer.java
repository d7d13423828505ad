package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.MessagingEvent.DeadLettered;
import io.anymq.MessagingEvent.Discarded;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.DeadLetterPolicy.Then;
import io.anymq.policy.DeadLetterPolicy.WhenRefused;
import java.time.Duration;
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

    private static final String PARKING = "park a key";
    private static final String FREEING = "free a key";
    private static final String FULL = "room for parked keys";
    private static final Duration STOPPING = Duration.ofMinutes(1);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final DeadLetterPolicy policy;
    private final @Nullable DeadLetters letters;
    private final Restrictions restrictions;
    private final Consumer<String> stop;
    private final FailureLog failures;
    private final WarningLog warnings;
    private final Step handleAgain = this::handleAgain;
    private final Step stopping = this::stopping;
    private final Step published = this::published;
    private final Step publishAgain = this::publishAgain;
    private final Step giveUpAgain = this::giveUpAgain;
    private final ParkedKeys parked;

    /** {@code letters} is null where nothing is kept; {@code stop} ends the consumer. */
    public DeadLetterLayer(
            EngineContext engine,
            KeyedExecutor executor,
            DeadLetterPolicy policy,
            @Nullable DeadLetters letters,
            ParkedKeys parked,
            Restrictions restrictions,
            Consumer<String> stop,
            FailureLog failures) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.letters = letters;
        this.parked = parked;
        this.restrictions = restrictions;
        this.stop = stop;
        this.failures = failures;
        this.warnings = new WarningLog(log, engine.time(), "calls of the parked-key store failed");
    }

    @Override
    void handle(Task task) {
        if (task.reason == null && parked.holds(task) && parked.isFreedBy(task) && !free(task)) {
            return;
        }
        DeadLetterReason reason = task.reason == null && parked.holds(task) ? DeadLetterReason.KEY_PARKED : task.reason;
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

    private void handleAgain(Task task) {
        if (task.isCancelRequested()) {
            release(task);
        } else {
            handle(task);
        }
    }

    /** False if it waits for the store. */
    private boolean free(Task task) {
        String key = task.key();
        if (key == null) {
            return true;
        }
        try {
            parked.free(key);
        } catch (Throwable e) {
            storeFailed(task, FREEING, e, handleAgain);
            return false;
        }
        restrictions.remove(FREEING);
        task.tries = 0;
        return true;
    }

    private void storeFailed(Task task, String operation, Throwable e, Step next) {
        String why = Failures.text(e);
        restrictions.add(
                operation, "the parked-key store could not " + operation + ": " + why + "; messages wait until it can");
        if (task.tries++ == 0) {
            warnings.warn("The parked-key store could not {} for {}: {}; retrying with backoff", operation, task, why);
        }
        executor.park(task.then(next), Backoff.after(task.tries));
    }

    /**
     * A task that a batch gave back goes on here: with {@code next}, unless its key was parked in the meantime, perhaps
     * by one that was handed out with it.
     */
    public Step unlessParked(Step next) {
        return task -> {
            if (task.isCancelRequested()) {
                release(task);
            } else if (parked.holds(task)) {
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

    private void giveUpAgain(Task task) {
        DeadLetterReason reason = task.reason;
        if (task.isCancelRequested() || reason == null) {
            release(task);
        } else {
            giveUp(task, reason);
        }
    }

    private void giveUp(Task task, DeadLetterReason reason) {
        if (!remembers(task)) {
            return;
        }
        task.tries = 0;
        if (policy.then() == Then.STOP) {
            failures.kept(task);
            stopAt(task, "exhausted its retries (" + reason + cause(task) + ") and its dead-letter policy is STOP");
        } else if (policy.isDiscard()) {
            discard(task);
        } else {
            publish(task);
        }
    }

    private void stopAt(Task task, String why) {
        executor.pause();
        stop.accept(task + " " + why);
        // it keeps its key until the close calls it back, so that later messages do not overtake it
        executor.park(task.then(stopping), STOPPING);
    }

    private void discard(Task task) {
        failures.discarded(task);
        park(task);
        tellDiscarded(task);
        task.verdict = Verdict.DISCARDED;
        outer().done(task);
    }

    private static String cause(Task task) {
        return task.failure == null ? "" : ", " + task.failure.getClass().getName();
    }

    /** The key that is parked for this message; one that only followed must not park it again after resumeKey. */
    private @Nullable String parks(Task task) {
        return policy.then() == Then.PARK_KEY && task.reason != DeadLetterReason.KEY_PARKED ? task.key() : null;
    }

    /** Before its message leaves: after a crash in between the key is parked all the same. False if it must wait. */
    private boolean remembers(Task task) {
        String key = parks(task);
        if (key == null) {
            return true;
        }
        if (parked.isFullFor(key)) {
            restrictions.add(
                    FULL,
                    ParkedKeys.MOST
                            + " keys are parked, which is the limit; messages that would park another wait until"
                            + " a redrive or resumeKey frees some");
            task.tries++;
            executor.park(task.then(giveUpAgain), Backoff.after(task.tries));
            return false;
        }
        restrictions.remove(FULL);
        try {
            parked.remember(task, key);
        } catch (Throwable e) {
            storeFailed(task, PARKING, e, giveUpAgain);
            return false;
        }
        restrictions.remove(PARKING);
        return true;
    }

    private void park(Task task) {
        String key = parks(task);
        if (key != null) {
            parked.add(task, key);
        }
    }

    private DeadLetters letters() {
        DeadLetters to = letters;
        if (to == null) {
            throw new IllegalStateException("a policy that keeps nothing has published a dead letter");
        }
        return to;
    }

    private void publish(Task task) {
        letters().publish(task, published);
    }

    private void tellDiscarded(Task task) {
        DeadLetterReason reason = task.reason;
        if (reason != null && engine.observers().any()) {
            engine.observers()
                    .tell(
                            MessagingObserver::discarded,
                            new Discarded(task.source(), task.id(), task.key(), reason, task.attempt, task.failure));
        }
    }

    private void tellDeadLettered(Task task) {
        DeadLetterReason reason = task.reason;
        if (reason != null && engine.observers().any()) {
            engine.observers()
                    .tell(
                            MessagingObserver::deadLettered,
                            new DeadLettered(
                                    task.source(),
                                    task.id(),
                                    task.key(),
                                    letters().queue(),
                                    reason,
                                    task.attempt,
                                    task.failure));
        }
    }

    private void published(Task task) {
        DeadLetters to = letters();
        if (task.verdict == Verdict.DEAD) {
            task.tries = 0;
            park(task);
            failures.deadLettered(task, to.queue());
            tellDeadLettered(task);
            outer().done(task);
        } else if (to.canShrink(task)) {
            publish(task);
        } else if (to.isRefusedForGood(task) && policy.whenRefused() != WhenRefused.WAIT) {
            to.noLongerWaits(task);
            refused(task);
        } else {
            executor.park(task.then(publishAgain), Backoff.after(task.tries));
        }
    }

    private void refused(Task task) {
        MessagingException refusal = task.refusal;
        if (policy.whenRefused() == WhenRefused.DISCARD) {
            discard(task);
        } else {
            stopAt(
                    task,
                    "could not be dead-lettered (" + (refusal == null ? task.reason : refusal.getMessage())
                            + ") and its dead-letter policy stops then");
        }
    }

    private void publishAgain(Task task) {
        DeadLetters to = letters();
        if (task.isCancelRequested()) {
            to.noLongerWaits(task);
            release(task);
        } else {
            to.prepare(task);
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
