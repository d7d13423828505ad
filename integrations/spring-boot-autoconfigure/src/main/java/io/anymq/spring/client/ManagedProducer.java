package io.anymq.spring.client;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.policy.Ordering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A producer that can be made before the broker is reached. Until then it refuses each message at once, and keeps the
 * promise of order: a key whose message was refused stays blocked until it is resumed, also once the broker is there.
 */
final class ManagedProducer<T> implements Producer<T> {
    private static final int MAX_BLOCKED = 10_000;
    /** Stands for all keys. */
    private static final String ALL = "*";

    private final ManagedClient client;
    private final Destination destination;
    private final Function<MessagingClient, Producer<T>> open;
    private final Consumer<ManagedProducer<?>> onClose;
    /** Keys of messages that were refused here. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Producer<T> opened;
    private volatile boolean closed;

    ManagedProducer(
            ManagedClient client,
            Destination destination,
            Function<MessagingClient, Producer<T>> open,
            Consumer<ManagedProducer<?>> onClose) {
        this.client = client;
        this.destination = destination;
        this.open = open;
        this.onClose = onClose;
    }

    /** So that a mistake shows when the producer is made; an outage does not. */
    void openNow() {
        try {
            opened();
        } catch (MessagingException e) {
            if (!e.isRetryable()) {
                throw e;
            }
        }
    }

    private Producer<T> opened() {
        Producer<T> producer = opened;
        return producer == null ? openFirst() : producer;
    }

    private synchronized Producer<T> openFirst() {
        Producer<T> producer = opened;
        if (producer == null) {
            if (closed) {
                throw new MessagingException(ErrorCode.CLOSED, "the producer is closed; make a new one");
            }
            producer = open.apply(client.connected().orElseThrow(client::notConnected));
            opened = producer;
        }
        return producer;
    }

    @Override
    public CompletableFuture<Receipt> send(T body) {
        Producer<T> producer = opened;
        if (producer != null && refused.isEmpty()) {
            return producer.send(body);
        }
        Message<T> message;
        try {
            message = Message.of(body);
        } catch (MessagingException e) {
            return CompletableFuture.failedFuture(SendException.rejected(newId(), e));
        }
        return send(message);
    }

    @Override
    public CompletableFuture<Receipt> send(Message<? extends T> message) {
        Producer<T> producer = opened;
        if (producer != null && refused.isEmpty()) {
            return producer.send(message);
        }
        if (message == null) {
            return CompletableFuture.failedFuture(SendException.rejected(newId(), missing("the message")));
        }
        String key = orderOf(message);
        if (key != null && (refused.contains(key) || refused.contains(ALL))) {
            return reject(
                    message,
                    new MessagingException(
                            ErrorCode.KEY_BLOCKED,
                            "an earlier message of this key was refused while the broker could not be reached; call"
                                    + " resumeKey, then send it again or go on without it"));
        }
        try {
            producer = opened();
        } catch (MessagingException e) {
            if (key != null) {
                refused.add(refused.size() < MAX_BLOCKED ? key : ALL);
            }
            return reject(message, e);
        }
        return producer.send(message);
    }

    /** The key that orders the message, or null. */
    private @Nullable String orderOf(Message<?> message) {
        return switch (destination.ordering()) {
            case UNORDERED -> null;
            case PER_KEY -> message.key();
            case TOTAL -> ALL;
        };
    }

    private static CompletableFuture<Receipt> reject(Message<?> message, MessagingException why) {
        String id = message.id();
        return CompletableFuture.failedFuture(SendException.rejected(id == null ? newId() : id, why));
    }

    private static MessagingException missing(String what) {
        return new MessagingException(ErrorCode.INVALID_MESSAGE, what + " must not be null");
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    @Override
    public CompletableFuture<List<SendResult>> sendBatch(List<? extends Message<? extends T>> messages) {
        Producer<T> producer = opened;
        if (producer != null && refused.isEmpty()) {
            return producer.sendBatch(messages);
        }
        if (messages == null) {
            return CompletableFuture.failedFuture(missing("the list of messages"));
        }
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        for (Message<? extends T> message : messages) {
            results.add(send(message).handle((receipt, failure) -> result(receipt, failure)));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(done -> results.stream().map(CompletableFuture::join).toList());
    }

    private static SendResult result(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            return new SendResult.Confirmed(receipt);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SendException send) {
            return new SendResult.Failed(send);
        }
        throw new IllegalStateException("a send failed with something else than a SendException", cause);
    }

    @Override
    public CompletableFuture<Void> flush() {
        Producer<T> producer = opened;
        return producer == null ? CompletableFuture.completedFuture(null) : producer.flush();
    }

    @Override
    public Set<String> blockedKeys() {
        Set<String> keys = new HashSet<>(refused);
        Producer<T> producer = opened;
        if (producer != null) {
            keys.addAll(producer.blockedKeys());
        }
        return Set.copyOf(keys);
    }

    @Override
    public void resumeKey(String key) {
        refused.remove(key);
        Producer<T> producer = opened;
        if (producer != null) {
            producer.resumeKey(key);
        }
    }

    @Override
    public void resume() {
        refused.clear();
        Producer<T> producer = opened;
        if (producer != null) {
            producer.resume();
        }
    }

    @Override
    public int inFlight() {
        Producer<T> producer = opened;
        return producer == null ? 0 : producer.inFlight();
    }

    @Override
    public Destination destination() {
        return destination;
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        Producer<T> producer = opened;
        return producer == null ? Optional.empty() : producer.unwrap(type);
    }

    synchronized void refuseMore() {
        closed = true;
    }

    @Override
    public void close() {
        closeWith(Producer::close);
    }

    @Override
    public void close(Duration timeout) {
        closeWith(producer -> producer.close(timeout));
    }

    private void closeWith(Consumer<Producer<T>> close) {
        refuseMore();
        onClose.accept(this);
        Producer<T> producer = opened;
        if (producer != null) {
            close.accept(producer);
        }
    }

    @Override
    public String toString() {
        return "producer of " + destination + (destination.ordering() == Ordering.UNORDERED ? " (unordered)" : "");
    }
}
