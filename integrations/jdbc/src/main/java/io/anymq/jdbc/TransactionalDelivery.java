package io.anymq.jdbc;

import io.anymq.DeadLetterInfo;
import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery whose outputs are kept for the outbox until the handler has ended. */
final class TransactionalDelivery<T> implements Delivery<T> {
    private final Delivery<T> delivery;
    private final @Nullable Outbox outbox;
    private @Nullable List<OutboxRow> outputs = new ArrayList<>();

    TransactionalDelivery(Delivery<T> delivery, @Nullable Outbox outbox) {
        this.delivery = delivery;
        this.outbox = outbox;
    }

    @Override
    public void publish(Destination destination, Message<?> message) {
        if (outbox == null) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "this inbox has no outbox, so an output could be lost after the commit; give it one with"
                            + " Inbox.Builder.outbox");
        }
        OutboxRow row = outbox.row(destination, message, message.body().getClass());
        synchronized (this) {
            if (outputs == null) {
                throw new MessagingException(
                        ErrorCode.CLOSED, "the handler has ended; publish before it returns, or use a producer");
            }
            outputs.add(row);
        }
    }

    /** The handler has ended; returns what it has published. */
    synchronized List<OutboxRow> end() {
        List<OutboxRow> published = outputs;
        outputs = null;
        return published == null ? List.of() : published;
    }

    @Override
    public T body() {
        return delivery.body();
    }

    @Override
    public String id() {
        return delivery.id();
    }

    @Override
    public @Nullable String key() {
        return delivery.key();
    }

    @Override
    public Map<String, String> headers() {
        return delivery.headers();
    }

    @Override
    public Optional<DeadLetterInfo> deadLetter() {
        return delivery.deadLetter();
    }

    @Override
    public int redrives() {
        return delivery.redrives();
    }

    @Override
    public int attempt() {
        return delivery.attempt();
    }

    @Override
    public Source source() {
        return delivery.source();
    }

    @Override
    public Instant sentAt() {
        return delivery.sentAt();
    }

    @Override
    public String contentType() {
        return delivery.contentType();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delivery.unwrap(type);
    }

    @Override
    public String toString() {
        return delivery.toString();
    }
}
