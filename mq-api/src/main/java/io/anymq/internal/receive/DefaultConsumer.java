package io.anymq.internal.receive;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.Health;
import io.anymq.MessagingEvent.HealthChanged;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.Layer;
import io.anymq.internal.receive.policy.ParkedKeys;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.Nanos;
import io.anymq.internal.support.Restrictions;
import io.anymq.internal.support.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's side of a running consumer: pausing, health, closing. */
public final class DefaultConsumer implements Consumer {
    private static final Logger log = LoggerFactory.getLogger(DefaultConsumer.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    /** What a close may take on top of its time-out: for interrupted handlers and for what the broker must be told. */
    static final Duration CLOSE_GRACE = Duration.ofMillis(900);
    /** An adapter that takes longer to give its receivers up goes on in the background. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);

    private final EngineContext engine;
    private final Source source;
    private final ConsumerSettings settings;
    private final java.util.function.Consumer<DefaultConsumer> onClose;
    private final String name;
    private final HandlerThreads handlerThreads;
    private final KeyedExecutor executor;
    private final ParkedKeys parkedKeys;
    private final List<ReceiveLoop> loops;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Thread closer;
    /** Callers of close need wait no longer: it has ended, or may be waiting for one of them. */
    private final CountDownLatch released = new CountDownLatch(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Void> whenClosed = new CompletableFuture<>();
    /** The failure that stopped it; the first one counts. */
    private final AtomicReference<@Nullable MessagingException> stoppedBy = new AtomicReference<>();

    private final Map<ReceiveLoop, Health> healths = new ConcurrentHashMap<>();
    private volatile Health health = Health.degraded("starting");
    private final Restrictions restrictions = new Restrictions(this::tellHealth);

    DefaultConsumer(
            EngineContext engine,
            Senders senders,
            Source source,
            ConsumerSettings settings,
            @Nullable Queue deadLetterQueue,
            Function<ConsumerAssembly.Parts, Layer> innermost,
            java.util.function.Consumer<DefaultConsumer> onClose) {
        this.engine = engine;
        this.source = source;
        this.settings = settings;
        this.onClose = onClose;
        this.name = source.path().replace('/', '-') + "-" + NUMBER.incrementAndGet();
        boolean asksStores = settings.idempotency() != null
                || settings.deadLetter().parkedKeys().isPresent();
        this.handlerThreads = new HandlerThreads(name, settings.executor(), asksStores);
        ConsumerAssembly assembly = new ConsumerAssembly(
                engine,
                senders,
                source,
                settings,
                deadLetterQueue,
                innermost,
                name,
                handlerThreads,
                new LoopHost(),
                restrictions,
                this::stop);
        this.executor = assembly.executor();
        this.parkedKeys = assembly.parkedKeys();
        this.loops = assembly.loops();
        loops.forEach(loop -> threads.add(Threads.single(loop.name(), settings.keepAlive(), loop)));
    }

    /** Starts the threads and waits until the broker has let them in. */
    void begin() {
        parkedKeys.begin();
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

    /** The consumer as seen by its loops. */
    private final class LoopHost implements ReceiveLoop.Host {
        @Override
        public boolean isPaused() {
            return executor.isPaused();
        }

        @Override
        public void healthChanged(ReceiveLoop loop, Health changed) {
            healths.put(loop, changed);
            Health worst = healths.values().stream()
                    .max(Comparator.comparing(Health::status))
                    .orElse(changed);
            DefaultConsumer.this.healthChanged(worst);
        }

        @Override
        public void failed(MessagingException error) {
            stop(error);
        }

        @Override
        public void interruptHandlers() {
            DefaultConsumer.this.interruptHandlers();
        }
    }

    private void stop(String why) {
        stop(new MessagingException(ErrorCode.CLOSED, why));
    }

    private void stop(MessagingException error) {
        if (closed.get()) {
            return;
        }
        stoppedBy.compareAndSet(null, error);
        log.error("Stopping the consumer of {}: {}", source.path(), error.getMessage());
        healthChanged(Health.down("stopped: " + error.getMessage()));
        beginClose(settings.drainTimeout());
    }

    private void healthChanged(Health changed) {
        health = changed;
        tellHealth();
    }

    private void tellHealth() {
        engine.observers().tell(MessagingObserver::consumerHealthChanged, new HealthChanged(source, restricted()));
    }

    private Health restricted() {
        Health current = health;
        String restriction = current.status() == Health.Status.UP ? restrictions.detail() : null;
        return restriction == null ? current : Health.degraded(restriction);
    }

    private void interruptHandlers() {
        if (executor.hasUnfinishedStages()) {
            // one of them may be waiting for this close, which no interruption would tell it
            released.countDown();
        }
        // all of them first: a handler must not be interrupted while its loop takes that for a failure of its own
        loops.forEach(ReceiveLoop::force);
        executor.stop();
        handlerThreads.interrupt();
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
    public int window() {
        return loops.get(0).window();
    }

    @Override
    public int blocked() {
        return loops.stream().mapToInt(ReceiveLoop::blocked).sum();
    }

    @Override
    public Set<String> parkedKeys() {
        return parkedKeys.keys();
    }

    @Override
    public void resumeKey(String key) {
        try {
            parkedKeys.free(Objects.requireNonNull(key, "key"));
        } catch (Throwable e) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the parked-key store could not free key '" + Escape.forLog(key) + "' of " + source.path() + ": "
                            + Failures.text(e) + "; the key stays parked",
                    true,
                    e);
        }
    }

    @Override
    public Health health() {
        Health current = restricted();
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
    public CompletableFuture<Void> whenClosed() {
        // completing it must not end the future that others wait for
        CompletableFuture<Void> own = new CompletableFuture<>();
        Futures.onEnd(whenClosed, failure -> engine.callbacks().end(own, failure, "the consumer of " + source.path()));
        return own;
    }

    @Override
    public void close() {
        close(settings.drainTimeout());
    }

    @Override
    public void close(Duration timeout) {
        beginClose(timeout);
        if (isOwnThread() || engine.callbacks().isInside()) {
            // the close waits for what this thread is doing
            return;
        }
        long grace = Nanos.of(timeout) + CLOSE_GRACE.toNanos();
        if (!awaitUninterruptibly(released, grace < 0 ? Long.MAX_VALUE : grace)) {
            log.warn("Closing the consumer of {} takes longer than its time-out; it goes on in the background", source);
        }
    }

    /** Closes on a thread of its own, since the one that asks may be the one to be waited for. */
    public void beginClose() {
        beginClose(settings.drainTimeout());
    }

    private void beginClose(Duration timeout) {
        if (closed.compareAndSet(false, true)) {
            Thread closing = Threads.single("stop-" + name, settings.keepAlive(), () -> finish(timeout));
            closer = closing;
            closing.start();
        }
    }

    /** Whether the calling thread runs a handler of this consumer, receives for it or closes it. */
    public boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return executor.isWorker() || threads.contains(current) || current == closer;
    }

    /** Waits until it is closed; false if an unfinished stage of an asynchronous handler may be waiting for that. */
    public boolean awaitRelease() {
        awaitUninterruptibly(released, Long.MAX_VALUE);
        return ended.getCount() == 0;
    }

    /** Waits until it is closed, whatever that takes; its time-outs bound that. */
    public void awaitEnd() {
        awaitUninterruptibly(ended, Long.MAX_VALUE);
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch, long nanos) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    return latch.await(
                            nanos == Long.MAX_VALUE ? nanos : deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void finish(Duration timeout) {
        long nanos = Nanos.of(timeout);
        long deadline = System.nanoTime() + nanos;
        try {
            loops.forEach(loop -> loop.close(deadline));
            for (Thread thread : threads) {
                thread.join(nanos / 1_000_000 + LONGEST_CLOSE.toMillis());
                if (thread.isAlive()) {
                    log.error(
                            "Receive thread {} did not stop: an adapter call exceeded its time limit",
                            thread.getName());
                }
            }
            // the loops have waited for their own messages; a message that was lost to another consumer may still be
            // handled here
            executor.awaitIdle(deadline);
            interruptHandlers();
            long left = deadline + CLOSE_GRACE.toNanos() - System.nanoTime();
            if (!handlerThreads.awaitEnd(Math.max(0, left))) {
                log.warn("A handler of {} is still running after being interrupted", source.path());
            }
        } catch (InterruptedException e) {
            // this thread is not handed out
            log.warn("Closing the consumer of {} was interrupted", source.path());
        } finally {
            end();
        }
    }

    private void end() {
        parkedKeys.end();
        if (health.status() != Health.Status.DOWN) {
            healthChanged(Health.down("closed"));
        }
        onClose.accept(this);
        MessagingException failure = stoppedBy.get();
        if (failure == null) {
            whenClosed.complete(null);
        } else {
            whenClosed.completeExceptionally(failure);
        }
        // after the report, so that a close has returned only once the end is told
        ended.countDown();
        released.countDown();
    }
}
