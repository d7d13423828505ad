package io.anymq.internal.receive;

import io.anymq.Interceptor;
import io.anymq.Receipt;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Futures;
import io.anymq.spi.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What surrounds one call of a handler, whichever kind it is: interceptors, outputs, observers. */
final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final EngineContext engine;
    private final KeyedExecutor executor;
    private final Senders senders;
    private final boolean atomic;
    private final Interceptor[] interceptors;

    /** {@code atomic}: outputs and settlement go to the broker together, see {@link OpenChain}. */
    Attempt(EngineContext engine, KeyedExecutor executor, Senders senders, boolean atomic) {
        this.engine = engine;
        this.executor = executor;
        this.senders = senders;
        this.atomic = atomic;
        this.interceptors = engine.interceptors().toArray(Interceptor[]::new);
    }

    /** Throws what an interceptor throws: that fails the attempt. */
    void begin(Work work) throws Exception {
        work.open();
        for (Interceptor interceptor : interceptors) {
            interceptor.beforeHandle(work);
        }
    }

    long now() {
        return engine.observers().any() ? engine.time().nanoTime() : 0;
    }

    /**
     * The handler has ended. Sends its outputs, and goes on in {@code layer} when they are confirmed.
     *
     * @return true if {@link Work#failure} is final and the caller goes on itself; false if the work is pending
     */
    boolean end(Work work, @Nullable Throwable failure, long startNanos, Layer layer) {
        // an interruption that a handler asked for or left behind is not meant for the next message
        boolean unused = Thread.interrupted();
        after(work, failure);
        List<Work.Output> outputs = work.closeAttempt();
        work.failure = failure;
        if (engine.observers().any()) {
            long nanos = engine.time().nanoTime() - startNanos;
            engine.observers()
                    .tell(observer -> observer.attemptEnded(work.source(), work.id(), work.attempt, nanos, failure));
        }
        if (failure != null || outputs.isEmpty()) {
            return true;
        }
        return atomic ? commit(work, outputs, layer) : publish(work, outputs, layer);
    }

    /** A batch has failed, and this message of it will be handled alone: what was emitted is dropped. */
    void abandon(Work work, Throwable failure) {
        after(work, failure);
        List<Work.Output> dropped = work.closeAttempt();
        if (!dropped.isEmpty()) {
            log.debug("{} outputs of {} are dropped: its batch failed", dropped.size(), work);
        }
    }

    private void after(Work work, @Nullable Throwable failure) {
        for (int i = interceptors.length - 1; i >= 0; i--) {
            try {
                interceptors[i].afterHandle(work, failure);
            } catch (RuntimeException | Error e) {
                log.warn("an interceptor failed after the handler of {}", work, e);
            }
        }
    }

    private boolean publish(Work work, List<Work.Output> outputs, Layer layer) {
        List<CompletableFuture<Receipt>> sends = new ArrayList<>(outputs.size());
        try {
            for (Work.Output output : outputs) {
                sends.add(senders.output(output.destination()).send(output.message()));
            }
        } catch (RuntimeException e) {
            work.failure = e;
            return true;
        }
        executor.pend(work, layer);
        Futures.onEnd(CompletableFuture.allOf(sends.toArray(CompletableFuture<?>[]::new)), failure -> {
            work.failure = failure;
            executor.unpark(work);
        });
        return false;
    }

    private boolean commit(Work work, List<Work.Output> outputs, Layer layer) {
        List<Chain.Output> prepared = new ArrayList<>(outputs.size());
        try {
            for (Work.Output output : outputs) {
                prepared.add(new Chain.Output(
                        Senders.addressOf(output.destination()),
                        senders.output(output.destination()).prepare(output.message())));
            }
        } catch (RuntimeException e) {
            work.failure = e;
            return true;
        }
        executor.pend(work, layer);
        work.loop.commit(new OpenChain(work, prepared, executor));
        return false;
    }
}
