package io.anymq.internal.receive;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingEvent.HealthChanged;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.keys.KeyedTask;
import io.anymq.internal.receive.keys.RateLimiter;
import io.anymq.internal.receive.policy.Attempt;
import io.anymq.internal.receive.policy.BatchHandlerLayer;
import io.anymq.internal.receive.policy.DeadLetterLayer;
import io.anymq.internal.receive.policy.DecodeLayer;
import io.anymq.internal.receive.policy.IdempotencyLayer;
import io.anymq.internal.receive.policy.Layer;
import io.anymq.internal.receive.policy.OrderingLayer;
import io.anymq.internal.receive.policy.RetryLayer;
import io.anymq.internal.receive.policy.Step;
import io.anymq.internal.receive.redelivery.DelayStage;
import io.anymq.internal.receive.redelivery.Redelivery;
import io.anymq.internal.send.Senders;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.internal.support.Threads;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running consumer: its layers, its receive threads and its handler threads. */
public final class DefaultConsumer implements Consumer, ReceiveLoop.Host, KeyedExecutor.Pipeline {
    private static final Logger log = LoggerFactory.getLogger(DefaultConsumer.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long IDLE_THREAD_SECONDS = 10;
    /** What an adapter may need on top of the drain time-out to give its receivers up. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(15);

    /** What the innermost layer may need. */
    record Parts(Attempt attempt, KeyedExecutor executor, Step again) {}

    private final EngineContext engine;
    private final Source source;
    private final ConsumerSettings settings;
    private final java.util.function.Consumer<DefaultConsumer> onClose;
    private final String name;
    private final @Nullable ThreadPoolExecutor ownPool;
    private final @Nullable ThreadPoolExecutor renewals;
    private final KeyedExecutor executor;
    private final OrderingLayer ordering;
    private final DeadLetterLayer deadLetter;
    private final @Nullable BatchHandlerLayer batch;
    private final List<ReceiveLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<ReceiveLoop, Health> healths = new ConcurrentHashMap<>();
    private volatile Health health = Health.degraded("starting");

    DefaultConsumer(
            EngineContext engine,
            Senders senders,
            Source source,
            ConsumerSettings settings,
            @Nullable Queue deadLetterQueue,
            Function<Parts, Layer> innermost,
            java.util.function.Consumer<DefaultConsumer> onClose) {
        this.engine = engine;
        this.source = source;
        this.settings = settings;
        this.onClose = onClose;
        this.name = source.path().replace('/', '-') + "-" + NUMBER.incrementAndGet();
        this.ownPool = settings.executor() == null ? newPool("handle-" + name) : null;
        Executor handlers = ownPool == null ? settings.executor() : ownPool;
        double rate = settings.flow().maxPerSecond();
        RateLimiter limiter = rate > 0 ? new RateLimiter(rate) : null;
        this.executor = new KeyedExecutor(
                handlers == null ? Runnable::run : handlers, engine.time(), settings.concurrency(), limiter, this);

        Sending dead =
                deadLetterQueue == null ? null : senders.to(engine.addresses().of(deadLetterQueue), deadLetterQueue);
        Redelivery redelivery = new Redelivery(engine, senders, source);
        this.ordering = new OrderingLayer(executor);
        this.deadLetter =
                new DeadLetterLayer(engine, executor, settings.deadLetter(), deadLetterQueue, dead, this::stop);
        RetryLayer retry = new RetryLayer(engine, executor, settings.retry(), source.ordering(), redelivery, limiter);
        // with an idempotency store the claim must be completed between outputs and settlement, so these stay two steps
        boolean atomic = settings.idempotency() == null
                && engine.capabilities().of(Capability.ATOMIC_CHAINING) == Support.NATIVE;
        Layer handler = innermost.apply(new Parts(
                new Attempt(engine, executor, senders, atomic), executor, deadLetter.unlessParked(retry.retryStep())));
        this.batch = BatchHandlerLayer.of(handler);
        Layer decode = new DecodeLayer(engine.codecs(), settings.type());
        IdempotencyPolicy idempotency = settings.idempotency();
        if (idempotency == null) {
            this.renewals = null;
            ordering.around(decode.around(deadLetter.around(retry.around(handler))));
        } else {
            // handlers on a foreign executor may take all its threads, and renewals must not queue behind them
            ThreadPoolExecutor own = ownPool == null ? newPool("lease-" + name) : ownPool;
            this.renewals = own;
            Layer once =
                    new IdempotencyLayer(engine, executor, own, idempotency, settings.idempotencyKey(), source.path());
            ordering.around(decode.around(once.around(deadLetter.around(retry.around(handler)))));
        }

        DelayStage delay = new DelayStage(engine, executor, ordering, redelivery);
        addLoop(engine.addresses().of(source), settings.flow().maxInFlight(), "receive", delay);
        if (redelivery.isEmulated()) {
            addLoop(redelivery.address(), settings.flow().maxInFlight(), "redelivery", delay);
        }
    }

    private static ThreadPoolExecutor newPool(String threads) {
        // unbounded on purpose: the executor's slots bound the handlers, and lease renewals must never queue behind
        // them
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Threads.named(threads));
    }

    private void addLoop(Address address, int maxInFlight, String purpose, DelayStage delay) {
        String unique = engine.clientName() + "-" + name + "-" + purpose;
        ReceiveLoop loop = new ReceiveLoop(
                engine,
                source,
                address,
                new ReceiverOptions(unique, maxInFlight, settings.drainTimeout()),
                executor,
                delay,
                this);
        loops.add(loop);
        threads.add(Threads.single(purpose + "-" + name, loop));
    }

    /** Starts the threads and waits until the broker has let them in. */
    void begin() {
        threads.forEach(Thread::start);
        for (ReceiveLoop loop : loops) {
            try {
                loop.opened().join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof MessagingException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }

    @Override
    public void flush() {
        if (batch != null) {
            try {
                batch.flush();
            } catch (RuntimeException | Error e) {
                log.error("AnyMQ failed on a batch: the consumer stops and its messages stay at the broker", e);
                stop("a defect in AnyMQ: " + e);
            }
        }
        for (ReceiveLoop loop : loops) {
            loop.settleSoon();
        }
    }

    @Override
    public void defect(@Nullable KeyedTask task, Throwable failure) {
        log.error(
                "AnyMQ failed on {}: the consumer stops and the message stays at the broker",
                task == null ? "a handler's stage" : task,
                failure);
        stop("a defect in AnyMQ: " + failure);
    }

    @Override
    public boolean isFull() {
        return batch != null && batch.isFull();
    }

    @Override
    public boolean gathered(KeyedTask task) {
        return batch != null && batch.holds(task);
    }

    private void stop(String why) {
        failed(new MessagingException(ErrorCode.CLOSED, why));
    }

    @Override
    public void failed(MessagingException error) {
        if (closed.get()) {
            return;
        }
        log.error("the consumer of {} stops: {}", source.path(), error.getMessage());
        healthChanged(Health.down("stopped: " + error.getMessage()));
        // on a thread of its own, since the one that noticed may be the one to be waited for
        Threads.single("stop-" + name, this::close).start();
    }

    @Override
    public void healthChanged(ReceiveLoop loop, Health changed) {
        healths.put(loop, changed);
        Health worst = healths.values().stream()
                .max(Comparator.comparing(Health::status))
                .orElse(changed);
        healthChanged(worst);
    }

    private void healthChanged(Health changed) {
        health = changed;
        engine.observers().tell(MessagingObserver::consumerHealthChanged, new HealthChanged(source, changed));
    }

    @Override
    public void interruptHandlers() {
        // all of them first: a handler must not be interrupted while its loop takes that for a failure of its own
        loops.forEach(ReceiveLoop::force);
        executor.stop();
        if (renewals != null) {
            renewals.shutdownNow();
        }
        if (ownPool != null) {
            ownPool.shutdownNow();
        }
    }

    @Override
    public void pause() {
        executor.pause();
        loops.forEach(ReceiveLoop::wake);
    }

    @Override
    public void resume() {
        executor.resume();
        loops.forEach(ReceiveLoop::wake);
    }

    @Override
    public boolean isPaused() {
        return executor.isPaused();
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public int inFlight() {
        return loops.stream().mapToInt(ReceiveLoop::inFlight).sum();
    }

    @Override
    public Set<String> parkedKeys() {
        return Set.copyOf(deadLetter.parkedKeys());
    }

    @Override
    public void resumeKey(String key) {
        deadLetter.parkedKeys().remove(key);
    }

    @Override
    public Health health() {
        Health current = health;
        if (current.status() == Health.Status.UP && isPaused()) {
            return Health.degraded("paused");
        }
        return current;
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return loops.get(0).unwrap(type);
    }

    @Override
    public void close() {
        close(settings.drainTimeout());
    }

    @Override
    public void close(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            awaitEnd(timeout);
        } else if (isOwnHandler()) {
            // a handler that closes its own consumer cannot wait for itself
            Threads.single("stop-" + name, () -> finish(timeout)).start();
        } else {
            finish(timeout);
        }
    }

    private boolean isOwnHandler() {
        return Thread.currentThread().getName().startsWith("anymq-handle-" + name + "-");
    }

    /** Somebody else is closing it: whoever closes the connection next relies on that being over. */
    private void awaitEnd(Duration timeout) {
        if (isOwnHandler() || threads.contains(Thread.currentThread())) {
            return;
        }
        try {
            if (!ended.await(Nanos.of(timeout) + CLOSE_GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("the consumer of {} is still being closed by another thread", source.path());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(Duration timeout) {
        long nanos = Nanos.of(timeout);
        long deadline = System.nanoTime() + nanos;
        loops.forEach(loop -> loop.close(deadline));
        boolean interrupted = false;
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                try {
                    thread.join(nanos / 1_000_000 + CLOSE_GRACE.toMillis());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (thread.isAlive()) {
                    log.error("{} did not end: the adapter keeps a call longer than it may", thread.getName());
                }
            }
        }
        // the loops have waited for what is theirs; a message that was lost to another consumer may still be handled
        // here
        executor.awaitIdle(deadline);
        interruptHandlers();
        if (ownPool != null) {
            try {
                if (!ownPool.awaitTermination(1, TimeUnit.SECONDS)) {
                    log.warn("a handler of {} ignores its interruption and goes on", source.path());
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (health.status() != Health.Status.DOWN) {
            healthChanged(Health.down("closed"));
        }
        onClose.accept(this);
        ended.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
