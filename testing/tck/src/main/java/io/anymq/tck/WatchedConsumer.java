package io.anymq.tck;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.Source;
import io.anymq.history.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A consumer whose close is written down. Thread-safe. */
final class WatchedConsumer implements Consumer {
    private final Consumer delegate;
    private final String name;
    private final AtomicInteger running;
    private final RuleHistory history;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    WatchedConsumer(Consumer delegate, String name, AtomicInteger running, RuleHistory history) {
        this.delegate = delegate;
        this.name = name;
        this.running = running;
        this.history = history;
    }

    void closing() {
        if (closing.compareAndSet(false, true)) {
            history.record(new Event.ConsumerClosing(source().path(), name));
        }
    }

    /** Clean unless it came to its bound, or left a handler behind. */
    void closed(boolean inTime) {
        if (closed.compareAndSet(false, true)) {
            history.record(new Event.ConsumerClosed(source().path(), name, inTime && running.get() == 0));
        }
    }

    @Override
    public void pause() {
        delegate.pause();
    }

    @Override
    public void resume() {
        delegate.resume();
    }

    @Override
    public boolean isPaused() {
        return delegate.isPaused();
    }

    @Override
    public Source source() {
        return delegate.source();
    }

    @Override
    public int inFlight() {
        return delegate.inFlight();
    }

    @Override
    public int window() {
        return delegate.window();
    }

    @Override
    public int blocked() {
        return delegate.blocked();
    }

    @Override
    public Set<String> parkedKeys() {
        return delegate.parkedKeys();
    }

    @Override
    public void resumeKey(String key) {
        delegate.resumeKey(key);
    }

    @Override
    public Health health() {
        return delegate.health();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delegate.unwrap(type);
    }

    @Override
    public CompletableFuture<Void> whenClosed() {
        return delegate.whenClosed();
    }

    @Override
    public void close() {
        closing();
        delegate.close();
        closed(true);
    }

    @Override
    public void close(Duration timeout) {
        closing();
        long start = System.nanoTime();
        delegate.close(timeout);
        closed(System.nanoTime() - start < timeout.toNanos());
    }
}
