package io.anymq.internal.receive.policy;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingEvent.AttemptEnded;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.send.InterceptedSend;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.WarningLog;
import io.anymq.spi.Chain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wraps one call of a handler of any kind: interceptors, outputs, observers. */
public final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final Senders senders;
    private final boolean atomic;
    private final Interceptor[] interceptors;
    private final CallbackQueue callbacks;
    private final WarningLog warnings;

    /** {@code atomic}: outputs and settlement go to the broker together, see {@link OpenChain}. */
    public Attempt(EngineContext engine, KeyedExecutor executor, Senders senders, boolean atomic) {
        this.engine = engine;
        this.executor = executor;
        this.senders = senders;
        this.atomic = atomic;
        this.interceptors = engine.interceptors().toArray(Interceptor[]::new);
        this.callbacks = engine.callbacks().queue("the interceptors of handlers' outputs");
        this.warnings = InterceptedSend.warnings(engine.time());
    }

    void begin(Task task) {
        // one that other user code on this thread has left behind; a close interrupts only after it has stopped
        if (Thread.interrupted() && executor.isStopped()) {
            Thread.currentThread().interrupt();
        }
        task.open(this);
    }

    /** Whether anything surrounds handlers and sends. */
    boolean intercepts() {
        return interceptors.length > 0;
    }

    /** A call of a handler with the interceptors around it. */
    InterceptedHandler around(List<Task> tasks, boolean batch, boolean async, Callable<CompletionStage<?>> handler) {
        return new InterceptedHandler(interceptors, tasks, batch, async, handler);
    }

    /**
     * Takes a message that a handler publishes through the interceptors, now; it is sent when the handler has ended.
     */
    void intercept(Task task, Destination destination, Message<Object> message) {
        AtomicReference<InterceptedSend<Object>> self = new AtomicReference<>();
        InterceptedSend<Object> intercepted = new InterceptedSend<>(
                engine.interceptors(),
                warnings,
                destination,
                task,
                changed -> task.emit(new Task.Output(
                        destination,
                        changed.id() == null && message.id() != null ? changed.withId(message.id()) : changed,
                        self.get())));
        self.set(intercepted);
        MessagingException refusal = intercepted.run(message);
        if (refusal != null) {
            intercepted.ended(null, rejected(message, refusal));
            throw refusal;
        }
    }

    private static SendException rejected(Message<?> message, MessagingException why) {
        String id = message.id();
        return SendException.rejected(id == null ? "" : id, why);
    }

    private void drop(List<Task.Output> outputs) {
        if (!intercepts()) {
            return;
        }
        for (Task.Output output : outputs) {
            InterceptedSend<Object> intercepted = output.intercepted();
            if (intercepted != null) {
                intercepted.ended(
                        null,
                        rejected(
                                output.message(),
                                new MessagingException(
                                        ErrorCode.CLOSED,
                                        "the attempt that published the message failed, so its outputs were not"
                                                + " sent")));
            }
        }
    }

    long now() {
        return engine.observers().any() ? engine.time().nanoTime() : 0;
    }

    /**
     * The handler has ended. Sends its outputs, and goes on with {@code next} when they are confirmed.
     *
     * @return true if {@link Task#failure} is final and the caller goes on itself; false if the task is pending
     */
    boolean end(Task task, @Nullable Throwable failure, long startNanos, int batchSize, Step next) {
        // an interruption that a handler asked for or left behind is not meant for the next message
        boolean unused = Thread.interrupted();
        List<Task.Output> outputs = task.closeAttempt();
        task.failure = failure;
        if (engine.observers().any()) {
            Duration duration = Duration.ofNanos(engine.time().nanoTime() - startNanos);
            engine.observers()
                    .tell(
                            MessagingObserver::attemptEnded,
                            new AttemptEnded(
                                    task.source(), task.id(), task.key(), task.attempt, batchSize, duration, failure));
        }
        if (failure != null || outputs.isEmpty()) {
            drop(outputs);
            return true;
        }
        return atomic ? commit(task, outputs, next) : publish(task, outputs, next);
    }

    /** A batch has failed, and this message of it will be handled alone: its outputs are dropped. */
    void abandon(Task task) {
        List<Task.Output> dropped = task.closeAttempt();
        drop(dropped);
        if (!dropped.isEmpty()) {
            log.debug("Dropped {} outputs of {} because its batch failed", dropped.size(), task);
        }
    }

    private boolean publish(Task task, List<Task.Output> outputs, Step next) {
        List<CompletableFuture<Receipt>> sends = new ArrayList<>(outputs.size());
        try {
            for (Task.Output output : outputs) {
                CompletableFuture<Receipt> send =
                        senders.output(output.destination(), producer -> producer.sendAsItIs(output.message()));
                sends.add(send);
                InterceptedSend<Object> intercepted = output.intercepted();
                if (intercepted != null) {
                    Futures.onOutcome(
                            send, (receipt, failure) -> callbacks.execute(() -> intercepted.ended(receipt, failure)));
                }
            }
        } catch (Throwable e) {
            drop(outputs.subList(sends.size(), outputs.size()));
            task.failure = e;
            return true;
        }
        executor.pend(task.then(next));
        Futures.onEnd(CompletableFuture.allOf(sends.toArray(CompletableFuture<?>[]::new)), failure -> {
            task.failure = failure;
            executor.unpark(task);
        });
        return false;
    }

    private boolean commit(Task task, List<Task.Output> outputs, Step next) {
        List<Chain.Output> prepared = new ArrayList<>(outputs.size());
        try {
            for (Task.Output output : outputs) {
                prepared.add(new Chain.Output(
                        engine.addresses().of(output.destination()),
                        senders.output(output.destination(), producer -> producer.prepare(output.message()))));
            }
        } catch (Throwable e) {
            drop(outputs);
            task.failure = e;
            return true;
        }
        executor.pend(task.then(next));
        task.origin.commit(new OpenChain(task, prepared, executor, intercepts() ? outputs : List.of(), callbacks));
        return false;
    }
}
