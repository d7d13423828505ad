package io.anymq.postgresql;

import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.BatchingSender;
import io.anymq.spi.support.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stores what has come together by one statement, and so by one commit. */
final class PostgresSender extends BatchingSender {
    private static final long ENOUGH_BYTES = 8 << 20;

    private final Address address;
    private final Duration timeout;
    private final int maxBodyBytes;
    private final ConnectionPool connections;
    private final Places places;
    private final Wakes wakes;
    private final Consumer<PostgresSender> onRelease;
    private final Insert insert = new Insert();

    /** Looked up again when it is gone; used by the sender's thread alone. */
    private @Nullable Place place;

    /** @param onRelease called when the sender has ended */
    PostgresSender(
            PostgresClient client,
            String name,
            Address address,
            Place place,
            Duration timeout,
            Consumer<PostgresSender> onRelease) {
        super(name, client.config().batch(), ENOUGH_BYTES);
        this.address = address;
        this.place = place;
        this.timeout = timeout;
        this.maxBodyBytes = client.config().maxBodyBytes();
        this.connections = client.sending();
        this.places = client.places();
        this.wakes = client.wakes();
        this.onRelease = onRelease;
        start();
    }

    @Override
    protected void release() {
        onRelease.accept(this);
    }

    @Override
    protected void sendBatch(List<OutboundMessage> batch) {
        List<OutboundMessage> fit = new ArrayList<>(batch.size());
        for (OutboundMessage message : batch) {
            MessagingException problem = Insert.problem(message, maxBodyBytes);
            if (problem == null) {
                fit.add(message);
            } else {
                message.rejected(problem);
            }
        }
        if (!fit.isEmpty()) {
            send(fit, Deadline.after(timeout));
        }
    }

    private void send(List<OutboundMessage> messages, Deadline deadline) {
        Place target;
        try {
            target = store(messages, deadline);
        } catch (SQLException e) {
            if (PostgresTranslator.isAboutData(e) && messages.size() > 1) {
                // One must not spoil the others.
                messages.forEach(message -> send(List.of(message), deadline));
                return;
            }
            MessagingException error = PostgresTranslator.error("sending to " + address, e);
            for (OutboundMessage message : messages) {
                if (PostgresTranslator.isRefused(e)) {
                    message.rejected(error);
                } else {
                    message.unknown(error);
                }
            }
            return;
        } catch (MessagingException e) {
            // Nothing was sent: there is no connection, or no such place.
            place = null;
            messages.forEach(message -> message.rejected(e));
            return;
        }
        messages.forEach(message -> message.confirmed(null));
        boolean delayed = messages.stream().anyMatch(message -> message.deliverAtMillis() != 0);
        wakes.stored(target.destination(), delayed);
    }

    private Place store(List<OutboundMessage> messages, Deadline deadline) throws SQLException {
        Place known = place;
        Place target = known != null ? known : connections.use(deadline, found -> places.find(found, address));
        place = target;
        ConnectionPool.Work<Boolean> work = connection -> {
            insert.into(target, messages, connection);
            return true;
        };
        boolean unused = Insert.needsTransaction(target)
                ? connections.inTransaction(deadline, work)
                : connections.use(deadline, work);
        return target;
    }
}
