package io.anymq.internal.receive;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.keys.KeyedTask;
import io.anymq.internal.receive.keys.RateLimiter;
import io.anymq.internal.receive.policy.Attempt;
import io.anymq.internal.receive.policy.BatchHandlerLayer;
import io.anymq.internal.receive.policy.DeadLetterLayer;
import io.anymq.internal.receive.policy.DeadLetters;
import io.anymq.internal.receive.policy.DecodeLayer;
import io.anymq.internal.receive.policy.FailureLog;
import io.anymq.internal.receive.policy.IdempotencyLayer;
import io.anymq.internal.receive.policy.Layer;
import io.anymq.internal.receive.policy.OrderingLayer;
import io.anymq.internal.receive.policy.ParkedKeys;
import io.anymq.internal.receive.policy.RetryLayer;
import io.anymq.internal.receive.policy.Step;
import io.anymq.internal.receive.redelivery.DelayStage;
import io.anymq.internal.receive.redelivery.Redelivery;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Restrictions;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.ParkedKeyStore;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a consumer's layers, one inside the other, the executor that runs them and the loops that feed them. */
final class ConsumerAssembly {
    private static final Logger log = LoggerFactory.getLogger(ConsumerAssembly.class);

    private static final String EXECUTOR = "handler executor";

    /** Parts for the innermost layer; {@code handleAlone}: the step with which a batch repeats one of its messages. */
    record Parts(Attempt attempt, KeyedExecutor executor, Step handleAlone) {}

    private final EngineContext engine;
    private final Source source;
    private final ConsumerSettings settings;
    private final String name;
    private final ReceiveLoop.Host host;
    private final Restrictions restrictions;
    private final Consumer<String> stop;
    private final KeyedExecutor executor;
    private final ParkedKeys parkedKeys;
    private final @Nullable BatchHandlerLayer batch;
    private final IntakeLimits limits;
    private final List<ReceiveLoop> loops = new ArrayList<>();

    /** {@code host} hears of the loops' failures and health, {@code stop} why the consumer must end. */
    ConsumerAssembly(
            EngineContext engine,
            Senders senders,
            Source source,
            ConsumerSettings settings,
            @Nullable Queue deadLetterQueue,
            Function<Parts, Layer> innermost,
            String name,
            HandlerThreads threads,
            ReceiveLoop.Host host,
            Restrictions restrictions,
            Consumer<String> stop) {
        this.engine = engine;
        this.source = source;
        this.settings = settings;
        this.name = name;
        this.host = host;
        this.restrictions = restrictions;
        this.stop = stop;
        double rate = settings.flow().maxPerSecond();
        RateLimiter limiter = rate > 0 ? new RateLimiter(rate) : null;
        this.executor = new KeyedExecutor(
                threads.handlers(),
                threads.callers(),
                engine.time(),
                settings.concurrency(),
                limiter,
                new Surroundings());

        DeadLetters letters = deadLetterQueue == null
                ? null
                : new DeadLetters(
                        engine,
                        executor,
                        deadLetterQueue,
                        senders.to(engine.addresses().of(deadLetterQueue), deadLetterQueue),
                        settings.deadLetter().isExceptionDetails(),
                        restrictions);
        Redelivery redelivery = new Redelivery(engine, senders, source);
        OrderingLayer ordering = new OrderingLayer(executor);
        FailureLog failures = new FailureLog(source, engine.time(), engine.interceptors());
        ParkedKeyStore store = settings.deadLetter().parkedKeys().orElse(null);
        this.parkedKeys = new ParkedKeys(
                engine.time(), source, store, store == null ? Runnable::run : threads.stores(), restrictions);
        DeadLetterLayer deadLetter = new DeadLetterLayer(
                engine, executor, settings.deadLetter(), letters, parkedKeys, restrictions, stop, failures);
        RetryLayer retry =
                new RetryLayer(engine, executor, settings.retry(), source.ordering(), redelivery, limiter, failures);
        // with an idempotency store the claim must be completed between outputs and settlement, so these stay two steps
        boolean atomic = settings.idempotency() == null
                && engine.capabilities().of(Capability.ATOMIC_CHAINING) == Support.NATIVE;
        Attempt attempt = new Attempt(engine, executor, senders, atomic);
        Layer handler = innermost.apply(new Parts(attempt, executor, deadLetter.unlessParked(retry.retryStep())));
        this.batch = BatchHandlerLayer.of(handler);
        Layer decode = new DecodeLayer(engine.codecs(), settings.type());
        IdempotencyPolicy idempotency = settings.idempotency();
        if (idempotency == null) {
            ordering.around(decode.around(deadLetter.around(retry.around(handler))));
        } else {
            Layer once = new IdempotencyLayer(
                    engine,
                    executor,
                    threads.stores(),
                    idempotency,
                    settings.idempotencyKey(),
                    source.path(),
                    restrictions);
            ordering.around(decode.around(once.around(deadLetter.around(retry.around(handler)))));
        }

        DelayStage delay = new DelayStage(engine, executor, ordering, redelivery);
        this.limits = new IntakeLimits(settings.flow(), leastWindow(), new AtomicLong());
        addLoop(engine.addresses().of(source), "receive", delay);
        if (redelivery.isEmulated()) {
            addLoop(redelivery.address(), "redelivery", delay);
        }
    }

    /** With fewer messages some handlers might have nothing to do. */
    private int leastWindow() {
        long least = batch == null
                ? 2L * settings.concurrency()
                : Math.max(2L * settings.concurrency(), (settings.concurrency() + 1L) * batch.maxBatch());
        return (int) Math.min(settings.flow().maxInFlight(), least);
    }

    private void addLoop(Address address, String purpose, DelayStage delay) {
        String unique = engine.clientName() + "-" + name + "-" + purpose;
        FlowControl flow = settings.flow();
        ReceiverOptions options =
                new ReceiverOptions(unique, flow.maxInFlight(), flow.maxInFlightBytes(), settings.drainTimeout());
        loops.add(
                new ReceiveLoop(engine, source, address, options, executor, delay, host, purpose + "-" + name, limits));
    }

    KeyedExecutor executor() {
        return executor;
    }

    ParkedKeys parkedKeys() {
        return parkedKeys;
    }

    List<ReceiveLoop> loops() {
        return loops;
    }

    /** Brings batches and settlements on their way when a worker runs out of tasks. */
    private final class Surroundings implements KeyedExecutor.Pipeline {
        @Override
        public void flush() {
            if (batch != null) {
                batch.flush();
            }
            for (ReceiveLoop loop : loops) {
                loop.settleSoon();
            }
        }

        @Override
        public boolean isFull() {
            return batch != null && batch.isFull();
        }

        @Override
        public boolean gathered(KeyedTask task) {
            return batch != null && batch.holds(task);
        }

        @Override
        public void executorFailed(@Nullable Throwable failure) {
            if (failure == null) {
                restrictions.remove(EXECUTOR);
            } else {
                restrictions.add(
                        EXECUTOR,
                        "the handler executor rejects workers: " + Failures.text(failure)
                                + "; messages wait until it takes one");
            }
        }

        @Override
        public void defect(@Nullable KeyedTask task, Throwable failure) {
            log.error(
                    "Internal error in AnyMQ while processing {}; stopping the consumer, the message stays at"
                            + " the broker",
                    task == null ? "a batch or an asynchronous handler's result" : task,
                    Failures.printable(failure));
            stop.accept("an internal error in AnyMQ: " + Failures.text(failure));
        }
    }
}
