package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one address over a channel of its own with confirms. Number and publication are under one lock, because
 * the server counts in the order of arrival. When the channel is lost, what it carried is UNKNOWN and the next message
 * opens another.
 */
final class RabbitMqSender implements BrokerSender {
    /** With fewer messages unanswered, or answers quicker than this, each is written at once: then the round trip counts. */
    private static final int CROWD = 32;

    private static final long SLOW_ANSWER_NANOS = Duration.ofMillis(10).toNanos();

    /** How long a caller is held back while the server is on alarm; then its message is refused. */
    private static final Duration LONGEST_BACK_PRESSURE = Duration.ofSeconds(1);

    private final RabbitMqConnection connection;
    private final RabbitMqLink link;
    private final RabbitMqRoute route;
    private final int maxInFlight;
    private final long outcomeWithinNanos;
    private final Duration backPressure;
    private final Object publishing = new Object();

    private volatile @Nullable Flight flight;
    private volatile boolean closed;

    /** When the thread that is writing began, or 0: only a peer that reads no more makes it take long. */
    private volatile long writingSince;

    RabbitMqSender(RabbitMqConnection connection, RabbitMqLink link, RabbitMqRoute route, SenderOptions options) {
        this.connection = connection;
        this.link = link;
        this.route = route;
        this.maxInFlight = options.maxInFlight();
        this.outcomeWithinNanos = options.outcomeWithin().toNanos();
        Duration quarter = options.outcomeWithin().dividedBy(4);
        this.backPressure = quarter.compareTo(LONGEST_BACK_PRESSURE) < 0 ? quarter : LONGEST_BACK_PRESSURE;
    }

    /** Opens the first channel, so that what is missing or forbidden shows at once. */
    void open() {
        synchronized (publishing) {
            if (flight == null) {
                flight = new Flight(link.channel());
            }
        }
    }

    @Override
    public void send(OutboundMessage message) {
        if (closed) {
            message.rejected(new MessagingException(ErrorCode.CLOSED, "the sender to " + route + " is closed"));
            return;
        }
        if (link.blocked() != null) {
            link.awaitUnblocked(backPressure);
            String reason = link.blocked();
            if (reason != null) {
                message.rejected(alarm(reason));
                return;
            }
        }
        RabbitMqRoute.Target target;
        BasicProperties properties;
        try {
            target = route.of(message);
            properties = RabbitMqTranslator.properties(message, target.headers());
        } catch (RuntimeException e) {
            message.rejected(RabbitMqTranslator.error("sending to " + route, e));
            return;
        }
        Outstanding entry = new Outstanding(message, System.nanoTime());
        synchronized (publishing) {
            publish(entry, target, properties);
        }
    }

    /** Within the lock. */
    private void publish(Outstanding entry, RabbitMqRoute.Target target, BasicProperties properties) {
        Flight current;
        try {
            current = usable();
        } catch (MessagingException e) {
            entry.message.rejected(e);
            return;
        }
        Outstanding oldest = current.window.add(entry, CROWD);
        boolean mayWait = oldest != null && entry.sentNanos - oldest.sentNanos >= SLOW_ANSWER_NANOS;
        writingSince = System.nanoTime() | 1;
        try {
            current.channel.basicPublish(
                    target.exchange(),
                    target.routingKey(),
                    target.mandatory(),
                    false,
                    properties,
                    ByteBuffer.wrap(entry.message.body()),
                    mayWait ? GatheringFrames.MAY_WAIT : null);
        } catch (AlreadyClosedException e) {
            // Refused before anything was written.
            entry.rejected(RabbitMqTranslator.error("sending to " + route, e));
            current.lost(e);
        } catch (IOException e) {
            current.lost(e);
        } catch (RuntimeException e) {
            // It was counted here, and the server will not see it.
            entry.rejected(unencodable(e));
            current.lost(e);
        } finally {
            writingSince = 0;
        }
    }

    private MessagingException unencodable(RuntimeException e) {
        boolean large = String.valueOf(e.getMessage()).contains("frame size");
        return new MessagingException(
                large ? ErrorCode.TOO_LARGE : ErrorCode.INTERNAL,
                "sending to " + route + " failed: " + e.getMessage()
                        + (large ? "; send smaller headers, or raise frame_max of the server" : ""),
                false,
                e);
    }

    private Flight usable() {
        Flight current = flight;
        if (current != null && current.channel.isOpen() && !current.isSpoilt()) {
            return current;
        }
        if (current != null) {
            current.lost(null);
            connection.dispose(current.channel);
        }
        Flight opened = new Flight(link.channel());
        flight = opened;
        if (closed) {
            connection.dispose(opened.channel);
            throw new MessagingException(ErrorCode.CLOSED, "the sender to " + route + " is closed");
        }
        return opened;
    }

    /** Called by the timer: reports what has waited too long, and frees a thread that cannot write. */
    void tick(long now) {
        Flight current = flight;
        if (current != null) {
            current.expire(now);
        }
        long since = writingSince;
        if (since != 0 && now - since > outcomeWithinNanos) {
            link.breakOff();
        }
    }

    private MessagingException alarm(String reason) {
        return new MessagingException(
                reason.contains("disk") ? ErrorCode.FULL : ErrorCode.UNAVAILABLE,
                "the server takes no messages because it is on alarm (" + reason
                        + "): free memory or disk space there, or raise vm_memory_high_watermark or lower disk_free_limit",
                true,
                null);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        Flight current = flight;
        return current != null && type.isInstance(current.channel)
                ? Optional.of(type.cast(current.channel))
                : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        closed = true;
        Flight current = flight;
        if (current != null) {
            connection.dispose(current.channel);
        }
        connection.forget(this);
    }

    /** One message between {@code send} and its outcome. */
    private static final class Outstanding {
        private final OutboundMessage message;
        private final long sentNanos;
        private volatile @Nullable MessagingException returned;

        Outstanding(OutboundMessage message, long sentNanos) {
            this.message = message;
            this.sentNanos = sentNanos;
        }

        void confirmed() {
            MessagingException error = returned;
            if (error == null) {
                message.confirmed(null);
            } else {
                message.rejected(error);
            }
        }

        void rejected(MessagingException error) {
            message.rejected(error);
        }
    }

    /** A channel and what was published on it. */
    private final class Flight {
        private final Channel channel;
        private final ConfirmWindow<Outstanding> window = new ConfirmWindow<>(maxInFlight);
        private volatile boolean confirmedAny;
        private volatile boolean nackedLast;
        private volatile boolean over;

        Flight(Channel channel) {
            this.channel = channel;
            try {
                channel.addConfirmListener(this::acked, this::nacked);
                channel.addReturnListener(returned -> returned(
                        returned.getReplyCode(),
                        returned.getReplyText(),
                        RabbitMqTranslator.id(returned.getProperties())));
                channel.addShutdownListener(this::lost);
                // Channel.confirmSelect would have the client library keep a second window.
                channel.rpc(new AMQP.Confirm.Select.Builder().build());
            } catch (IOException | ShutdownSignalException e) {
                connection.dispose(channel);
                throw RabbitMqTranslator.error("opening a sender to " + route, e);
            }
        }

        /** A channel from before a change of leaders is refused for ever; one without anything under way can go. */
        boolean isSpoilt() {
            return over || (nackedLast && window.isEmpty());
        }

        private void acked(long number, boolean multiple) {
            confirmedAny = true;
            nackedLast = false;
            List<Outstanding> done = window.remove(number, multiple);
            for (int i = 0; i < done.size(); i++) {
                done.get(i).confirmed();
            }
        }

        private void nacked(long number, boolean multiple) {
            nackedLast = true;
            for (Outstanding entry : window.remove(number, multiple)) {
                entry.message.unknown(new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        "the server refused to take a message to " + route
                                + ": its queue is at its length limit, or has just lost its leader; send it again later",
                        true,
                        null));
            }
        }

        private void returned(int code, String text, @Nullable String id) {
            Outstanding entry = window.find(
                    each -> each.returned == null && each.message.id().equals(id));
            if (entry != null) {
                entry.returned = new MessagingException(
                        ErrorCode.NOT_FOUND,
                        "sending to " + route + " failed: no queue takes it (" + code + " " + text
                                + "); create the queue, or set anymq.provision=create");
            }
        }

        /** Nothing published here is reported any more. */
        private void lost(@Nullable Throwable cause) {
            // The window's numbers may have run ahead of the server's.
            over = true;
            List<Outstanding> left = window.removeAll();
            if (left.isEmpty()) {
                return;
            }
            MessagingException error = cause == null
                    ? new MessagingException(
                            ErrorCode.UNAVAILABLE, "the channel to " + route + " was given up", true, null)
                    : RabbitMqTranslator.error("sending to " + route, cause);
            // The first message on a channel is what it was closed for, and the server looked at none behind it.
            boolean nothingStored =
                    !confirmedAny && (error.code() == ErrorCode.AUTHORIZATION || error.code() == ErrorCode.NOT_FOUND);
            String tooLarge = error.code() == ErrorCode.TOO_LARGE ? String.valueOf(error.getMessage()) : "";
            for (Outstanding entry : left) {
                boolean culprit = tooLarge.contains("message size " + entry.message.body().length + " ");
                if (nothingStored || culprit) {
                    entry.message.rejected(error);
                } else {
                    entry.message.unknown(error);
                }
            }
        }

        void expire(long now) {
            for (Outstanding entry : window.removeWhile(each -> now - each.sentNanos >= outcomeWithinNanos)) {
                String reason = link.blocked();
                entry.message.unknown(
                        reason != null
                                ? alarm(reason)
                                : new MessagingException(
                                        ErrorCode.TIMEOUT,
                                        "the server did not confirm a message to " + route
                                                + " in time: it may or may not be stored; check that it runs and is not"
                                                + " overloaded",
                                        true,
                                        null));
            }
        }
    }
}
