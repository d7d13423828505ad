package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.InterceptedForward;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.WarningLog;
import io.anymq.spi.ProvisionMode;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the dead letters of one consumer. A letter that is refused is tried in other ways: smaller if it is too
 * large, and after the queue was created again if that is gone. Thread-safe.
 */
public final class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    private static final String PUBLISHING = "dead letter: ";
    private static final long REMINDER_NANOS = Duration.ofMinutes(1).toNanos();

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final Queue queue;
    private final Sending sending;
    private final boolean details;
    private final Restrictions restrictions;
    private final WarningLog recreations;
    private final WarningLog failures;
    private final CallbackQueue callbacks;
    /** When the last warning was written. */
    private final AtomicLong warned;

    public DeadLetters(
            EngineContext engine,
            KeyedExecutor executor,
            Queue queue,
            Sending sending,
            boolean details,
            Restrictions restrictions) {
        this.engine = engine;
        this.executor = executor;
        this.queue = queue;
        this.sending = sending;
        this.details = details;
        this.restrictions = restrictions;
        this.recreations = new WarningLog(log, engine.time(), "messages found their dead-letter queue gone");
        this.failures = new WarningLog(log, engine.time(), "failures of interceptors around dead letters");
        this.callbacks = engine.callbacks().queue("the interceptors of dead letters");
        this.warned = new AtomicLong(engine.time().nanoTime() - REMINDER_NANOS);
    }

    Queue queue() {
        return queue;
    }

    /** Goes on with {@code next} when the letter is confirmed, or else its {@link Task#refusal} is known. */
    void publish(Task task, Step next) {
        executor.pend(task.then(next));
        Futures.onEnd(
                InterceptedForward.send(
                        engine.interceptors(),
                        failures,
                        callbacks,
                        (interceptor, chain) -> interceptor.aroundDeadLetter(new Letter(task, queue), chain),
                        added -> send(task, added)),
                failure -> {
                    if (failure == null) {
                        task.verdict = Verdict.DEAD;
                        task.refusal = null;
                        noLongerWaits(task);
                    } else {
                        refused(task, failure);
                    }
                    executor.unpark(task);
                });
    }

    private CompletableFuture<Receipt> send(Task task, Map<String, String> added) {
        Map<String, String> headers =
                DeadLetterHeaders.of(task, details, engine.time().currentTimeMillis());
        if (task.letter != DeadLetterHeaders.Size.BRIEF) {
            headers.putAll(added);
        }
        return sending.send(EncodedMessage.of(task.message, headers));
    }

    private record Letter(Task task, Queue queue) implements Interceptor.DeadLetterContext {
        @Override
        public Delivery<?> delivery() {
            return task;
        }

        @Override
        public DeadLetterReason reason() {
            return Objects.requireNonNull(task.reason, "a dead letter without a reason");
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.ofNullable(task.failure);
        }
    }

    private void refused(Task task, Throwable failure) {
        task.refusal = failure instanceof MessagingException known
                ? known
                : new MessagingException(ErrorCode.INTERNAL, Failures.text(failure), true, failure);
        if (isTooLarge(task) && task.letter != DeadLetterHeaders.Size.BRIEF) {
            return;
        }
        task.tries++;
        restrictions.add(
                waiting(task),
                "dead-letter queue " + queue.name() + " does not take " + task + ": " + failure.getMessage()
                        + "; it waits, with its key, until it is taken");
        long now = engine.time().nanoTime();
        long last = warned.get();
        if (now - last >= REMINDER_NANOS && warned.compareAndSet(last, now)) {
            log.warn(
                    "Could not publish {} to dead-letter queue {}: {}; retrying, while it and its key wait",
                    task,
                    queue.name(),
                    failure.toString());
        }
    }

    private static boolean isTooLarge(Task task) {
        MessagingException refusal = task.refusal;
        return refusal != null && refusal.code() == ErrorCode.TOO_LARGE;
    }

    /** Whether there is a smaller letter to publish instead of the refused one; it is the next to be published. */
    boolean canShrink(Task task) {
        if (!isTooLarge(task) || task.letter == DeadLetterHeaders.Size.BRIEF) {
            return false;
        }
        task.letter = task.letter.smaller();
        return true;
    }

    /** Whether trying again cannot help, unless an operator changes something at the broker. */
    boolean isRefusedForGood(Task task) {
        MessagingException refusal = task.refusal;
        return refusal != null && !refusal.isRetryable() && !isGone(refusal);
    }

    /** The queue was deleted, and may be created again. */
    private boolean isGone(MessagingException refusal) {
        return refusal.code() == ErrorCode.NOT_FOUND && engine.provisionMode() == ProvisionMode.CREATE;
    }

    /** Before the next try. Blocks for the broker's answer. */
    void prepare(Task task) {
        MessagingException refusal = task.refusal;
        if (refusal == null || !isGone(refusal)) {
            return;
        }
        try {
            engine.connection().provision(engine.addresses().of(queue), ProvisionMode.CREATE);
            recreations.warn("Dead-letter queue {} was gone and has been created again", queue.name());
        } catch (Throwable e) {
            log.debug("Could not create dead-letter queue {} again", queue.name(), e);
        }
    }

    void noLongerWaits(Task task) {
        if (task.tries > 0) {
            restrictions.remove(waiting(task));
        }
    }

    private static String waiting(Task task) {
        return PUBLISHING + task.id();
    }
}
