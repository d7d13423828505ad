package io.anymq.internal.receive.policy;

import io.anymq.Interceptor;
import io.anymq.MessagingEvent.AttemptEnded;
import io.anymq.MessagingObserver;
import io.anymq.Receipt;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.spi.Chain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What surrounds one call of a handler, whichever kind it is: interceptors, outputs, observers. */
public final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final Senders senders;
    private final boolean atomic;
    private final Interceptor[] interceptors;

    /** {@code atomic}: outputs and settlement go to the broker together, see {@link OpenChain}. */
    public Attempt(EngineContext engine, KeyedExecutor executor, Senders senders, boolean atomic) {
        this.engine = engine;
        this.executor = executor;
        this.senders = senders;
        this.atomic = atomic;
        this.interceptors = engine.interceptors().toArray(Interceptor[]::new);
    }

    /** Throws what an interceptor throws: that fails the attempt. */
    void begin(Task task) throws Exception {
        task.open();
        for (Interceptor interceptor : interceptors) {
            interceptor.beforeHandle(task);
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
        after(task, failure);
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
            return true;
        }
        return atomic ? commit(task, outputs, next) : publish(task, outputs, next);
    }

    /** A batch has failed, and this message of it will be handled alone: what was emitted is dropped. */
    void abandon(Task task, Throwable failure) {
        after(task, failure);
        List<Task.Output> dropped = task.closeAttempt();
        if (!dropped.isEmpty()) {
            log.debug("{} outputs of {} are dropped: its batch failed", dropped.size(), task);
        }
    }

    private void after(Task task, @Nullable Throwable failure) {
        for (int i = interceptors.length - 1; i >= 0; i--) {
            try {
                interceptors[i].afterHandle(task, failure);
            } catch (Throwable e) {
                log.warn("an interceptor failed after the handler of {}", task, e);
            }
        }
    }

    private boolean publish(Task task, List<Task.Output> outputs, Step next) {
        List<CompletableFuture<Receipt>> sends = new ArrayList<>(outputs.size());
        try {
            for (Task.Output output : outputs) {
                sends.add(senders.output(output.destination()).send(output.message()));
            }
        } catch (RuntimeException e) {
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
                        senders.output(output.destination()).prepare(output.message())));
            }
        } catch (RuntimeException e) {
            task.failure = e;
            return true;
        }
        executor.pend(task.then(next));
        task.origin.commit(new OpenChain(task, prepared, executor));
        return false;
    }
}
