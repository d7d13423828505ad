package io.anymq.tck;

import io.anymq.Destination;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.history.SendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A producer whose sends are written down; messages without an id get one here, so that it is known before. Thread-safe. */
final class WatchedProducer<T> implements Producer<T> {
    private final Producer<T> delegate;
    private final RuleHistory history;
    private final String name;

    WatchedProducer(Producer<T> delegate, RuleHistory history) {
        this.delegate = delegate;
        this.history = history;
        this.name = history.name("producer");
    }

    /** Only the sends of one thread have an order. */
    private String stream() {
        return name + "/" + Thread.currentThread().getId();
    }

    @SuppressWarnings("unchecked") // a message is only read
    private Message<T> begin(String stream, Message<? extends T> message) {
        String id = message.id() == null ? UUID.randomUUID().toString() : message.id();
        history.sending(stream, destination(), id, message);
        return (Message<T>) message.withId(id);
    }

    private void end(String stream, Message<T> message, SendOutcome outcome) {
        history.sent(stream, destination(), String.valueOf(message.id()), outcome);
    }

    private static SendOutcome outcome(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return SendOutcome.CONFIRMED;
        }
        return cause instanceof SendException send
                ? SendOutcome.valueOf(send.outcome().name())
                : SendOutcome.UNKNOWN;
    }

    @Override
    public CompletableFuture<Receipt> send(T body) {
        return send(Message.of(body));
    }

    @Override
    public CompletableFuture<Receipt> send(Message<? extends T> message) {
        String stream = stream();
        Message<T> known = begin(stream, message);
        CompletableFuture<Receipt> sent = delegate.send(known);
        CompletableFuture<?> unused = sent.whenComplete((receipt, failure) -> end(stream, known, outcome(failure)));
        return sent;
    }

    @Override
    public CompletableFuture<List<SendResult>> sendBatch(List<? extends Message<? extends T>> messages) {
        String stream = stream();
        List<Message<T>> known = new ArrayList<>();
        messages.forEach(message -> known.add(begin(stream, message)));
        CompletableFuture<List<SendResult>> sent = delegate.sendBatch(known);
        CompletableFuture<?> unused = sent.whenComplete((results, failure) -> {
            for (int i = 0; i < known.size(); i++) {
                end(stream, known.get(i), results == null ? outcome(failure) : outcome(results.get(i)));
            }
        });
        return sent;
    }

    private static SendOutcome outcome(SendResult result) {
        return result instanceof SendResult.Failed failed ? outcome(failed.error()) : SendOutcome.CONFIRMED;
    }

    @Override
    public CompletableFuture<Void> flush() {
        return delegate.flush();
    }

    @Override
    public Set<String> blockedKeys() {
        return delegate.blockedKeys();
    }

    @Override
    public void resumeKey(String key) {
        delegate.resumeKey(key);
    }

    @Override
    public void resume() {
        delegate.resume();
    }

    @Override
    public int inFlight() {
        return delegate.inFlight();
    }

    @Override
    public Destination destination() {
        return delegate.destination();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delegate.unwrap(type);
    }

    @Override
    public void close() {
        delegate.close();
    }

    @Override
    public void close(Duration timeout) {
        delegate.close(timeout);
    }
}
