package io.anymq.internal.receive;

import io.anymq.Queue;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
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
 * Gives up what the retry policy has given up: publish and confirm first, settle then. While the dead-letter queue takes
 * nothing the original stays unsettled and its key waits.
 */
final class DeadLetterLayer extends Layer {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterLayer.class);

    private static final Duration STOPPING = Duration.ofMinutes(1);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final DeadLetterPolicy policy;
    private final @Nullable Queue queue;
    private final @Nullable Sending sending;
    private final Consumer<String> stop;
    private final Set<String> parkedKeys = ConcurrentHashMap.newKeySet();

    /** {@code queue} and {@code sending} are null where nothing is kept; {@code stop} ends the consumer. */
    DeadLetterLayer(
            EngineContext engine,
            KeyedExecutor executor,
            DeadLetterPolicy policy,
            @Nullable Queue queue,
            @Nullable Sending sending,
            Consumer<String> stop) {
        this.engine = engine;
        this.executor = executor;
        this.policy = policy;
        this.queue = queue;
        this.sending = sending;
        this.stop = stop;
    }

    Set<String> parkedKeys() {
        return parkedKeys;
    }

    @Override
    void handle(Work work) {
        DeadReason reason = work.reason == null && followsParkedKey(work) ? DeadReason.KEY_PARKED : work.reason;
        if (reason == null) {
            inner().handle(work);
        } else if (executor.isFollower(work)) {
            // what was handed out before it waits in a batch, and must not be overtaken
            work.resumeAt = beforeHandling(this::handle);
            executor.giveBack(work);
        } else {
            work.reason = reason;
            giveUp(work, reason);
        }
    }

    private boolean followsParkedKey(Work work) {
        return !parkedKeys.isEmpty() && work.key() != null && parkedKeys.contains(work.key());
    }

    /**
     * What a batch has given back goes on here: with {@code handler}, unless the key was parked meanwhile, by one that was
     * handed out with it perhaps.
     */
    Layer beforeHandling(Consumer<Work> handler) {
        return new Layer() {
            @Override
            void handle(Work work) {
                throw new IllegalStateException("resumes only");
            }

            @Override
            void resume(Work work) {
                if (work.cancelRequested) {
                    work.verdict = Verdict.RELEASED;
                    DeadLetterLayer.this.outer().done(work);
                } else if (followsParkedKey(work)) {
                    DeadLetterLayer.this.handle(work);
                } else {
                    handler.accept(work);
                }
            }
        };
    }

    @Override
    void done(Work work) {
        if (work.verdict == null && work.reason != null) {
            giveUp(work, work.reason);
        } else {
            outer().done(work);
        }
    }

    private void giveUp(Work work, DeadReason reason) {
        work.tries = 0;
        if (policy.then() == Then.STOP) {
            executor.pause();
            stop.accept(work + " was given up (" + reason + cause(work) + ") and the policy says STOP");
            // it keeps its key until the close calls it back: what is behind it must not overtake it
            executor.park(work, STOPPING, this);
        } else if (policy.discard()) {
            log.warn("{} is discarded ({}{}), as its dead-letter policy says", work, reason, cause(work));
            park(work);
            work.verdict = Verdict.DISCARDED;
            outer().done(work);
        } else {
            publish(work);
        }
    }

    private static String cause(Work work) {
        return work.failure == null ? "" : ", " + work.failure.getClass().getName();
    }

    private void park(Work work) {
        // one that only followed a parked key must not park it again behind the back of resumeKey
        if (policy.then() == Then.PARK_KEY && work.key() != null && work.reason != DeadReason.KEY_PARKED) {
            parkedKeys.add(work.key());
        }
    }

    private void publish(Work work) {
        Sending to = sending;
        if (to == null) {
            throw new IllegalStateException("no dead-letter sender for " + work);
        }
        executor.pend(work, this);
        Futures.onEnd(
                to.send(EncodedMessage.of(
                        work.message,
                        DeadLetterHeaders.of(
                                work, policy.exceptionDetails(), engine.time().currentTimeMillis()))),
                failure -> {
                    if (failure == null) {
                        work.verdict = Verdict.DEAD;
                    } else {
                        work.tries++;
                        if (work.tries == 1) {
                            log.warn(
                                    "{} is not taken by {}: {}; tried again until it is",
                                    work,
                                    queue,
                                    failure.toString());
                        }
                    }
                    executor.unpark(work);
                });
    }

    @Override
    void resume(Work work) {
        if (work.verdict == Verdict.DEAD) {
            park(work);
            Queue to = queue;
            if (to != null && engine.observers().any()) {
                engine.observers()
                        .tell(observer ->
                                observer.deadLettered(work.source(), work.id(), to, String.valueOf(work.reason)));
            }
            outer().done(work);
        } else if (work.cancelRequested) {
            work.verdict = Verdict.RELEASED;
            outer().done(work);
        } else if (policy.then() == Then.STOP) {
            executor.park(work, STOPPING, this);
        } else if (work.tries > 0) {
            int failures = work.tries;
            work.tries = -failures;
            Duration wait = Backoff.after(failures);
            executor.park(work, wait, this);
        } else {
            work.tries = -work.tries;
            publish(work);
        }
    }
}
