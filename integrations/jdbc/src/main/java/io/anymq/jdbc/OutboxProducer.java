package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Destination;
import io.anymq.Message;
import io.anymq.MessagingException;
import java.lang.reflect.Type;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends to one destination by way of an {@link Outbox}: a message is stored in the caller's transaction, and a relay sends
 * it after the commit. Thread-safe; holds nothing that would have to be closed.
 *
 * <pre>{@code
 * OutboxProducer<Order> placed = outbox.producer(Queue.of("orders"), Order.class);
 * transactions.call(connection -> {
 *     insertOrder(connection, order);
 *     return placed.send(Message.of(order).withKey(order.customer()));
 * });
 * }</pre>
 *
 * <p>Unlike a {@link io.anymq.Producer}, it throws when a message cannot be stored: {@link TransactionRequiredException}
 * outside a transaction; INVALID_MESSAGE, TOO_LARGE or ENCODING for the message; and the codes of {@link
 * JdbcIdempotencyStore} for the database, after which the transaction must be rolled back.
 *
 * @param <T> the type of the body
 */
@API(API.Status.EXPERIMENTAL)
public final class OutboxProducer<T> {
    private final Outbox outbox;
    private final Destination destination;
    private final Type type;

    OutboxProducer(Outbox outbox, Destination destination, Type type) {
        this.outbox = outbox;
        this.destination = destination;
        this.type = type;
    }

    /** Like {@link #send(Message)}, for a bare body without key and headers. */
    public String send(T body) {
        return send(Message.of(body));
    }

    /**
     * Stores the message in the transaction that this thread is in.
     *
     * @return the message's id
     * @throws TransactionRequiredException if there is none
     * @throws MessagingException if it could not be stored
     */
    public String send(Message<? extends T> message) {
        return send(outbox.current(), message);
    }

    /**
     * Stores the message in the transaction of {@code connection}, which the caller ends.
     *
     * @return the message's id
     * @throws TransactionRequiredException if the connection is in auto-commit mode
     * @throws MessagingException if it could not be stored
     */
    public String send(Connection connection, Message<? extends T> message) {
        OutboxRow row = outbox.row(destination, message, type);
        outbox.write(connection, List.of(row));
        return row.id();
    }

    /**
     * Stores several, in their order, in the transaction that this thread is in.
     *
     * @return the messages' ids, in the order given
     * @throws TransactionRequiredException if there is none
     * @throws MessagingException if they could not be stored
     */
    public List<String> sendBatch(List<? extends Message<? extends T>> messages) {
        return sendBatch(outbox.current(), messages);
    }

    /** Like {@link #sendBatch(List)}, in the transaction of {@code connection}. */
    public List<String> sendBatch(Connection connection, List<? extends Message<? extends T>> messages) {
        List<OutboxRow> rows = new ArrayList<>(messages.size());
        for (Message<? extends T> message : messages) {
            rows.add(outbox.row(destination, message, type));
        }
        outbox.write(connection, rows);
        return rows.stream().map(OutboxRow::id).toList();
    }

    /** Where the messages go. */
    public Destination destination() {
        return destination;
    }
}
