package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one address over a {@link ConfirmChannel} of its own. When that is lost, what it carried is UNKNOWN and the
 * next message opens another.
 */
final class RabbitMqSender implements BrokerSender {
    /** How long a caller is held back while the server is on alarm; then its message is refused. */
    private static final Duration LONGEST_BACK_PRESSURE = Duration.ofSeconds(1);

    private final RabbitMqLink link;
    private final RabbitMqRoute route;
    private final int maxInFlight;
    private final long outcomeWithinNanos;
    private final Duration backPressure;
    private final Consumer<RabbitMqSender> onClose;
    private final Object publishing = new Object();
    /** Outcomes to report when {@link #publishing} is released; guarded by it. */
    private final List<Runnable> reports = new ArrayList<>();

    private volatile @Nullable ConfirmChannel channel;
    private volatile boolean closed;

    /** When the thread that is writing began, or 0: only a peer that has stopped reading makes it take long. */
    private volatile long writingSince;

    RabbitMqSender(RabbitMqLink link, RabbitMqRoute route, SenderOptions options, Consumer<RabbitMqSender> onClose) {
        this.link = link;
        this.route = route;
        this.onClose = onClose;
        this.maxInFlight = options.maxInFlight();
        this.outcomeWithinNanos = options.outcomeWithin().toNanos();
        Duration quarter = options.outcomeWithin().dividedBy(4);
        this.backPressure = quarter.compareTo(LONGEST_BACK_PRESSURE) < 0 ? quarter : LONGEST_BACK_PRESSURE;
    }

    /** Opens the first channel, so that what is missing or forbidden shows at once. */
    void open() {
        synchronized (publishing) {
            channel = openChannel();
        }
    }

    private ConfirmChannel openChannel() {
        Channel opened = link.channel();
        try {
            return new ConfirmChannel(link, route, opened, maxInFlight, this::report);
        } catch (IOException | ShutdownSignalException e) {
            link.dispose(opened);
            throw RabbitMqTranslator.error("opening a sender to " + route, e);
        }
    }

    @Override
    public void send(OutboundMessage message) {
        List<Runnable> ended = List.of();
        try {
            requireTaking();
            RabbitMqRoute.Target target = route.of(message);
            BasicProperties properties = RabbitMqTranslator.properties(message, target.headers());
            long sentNanos = System.nanoTime();
            synchronized (publishing) {
                try {
                    publish(message, sentNanos, target, properties);
                } finally {
                    if (!reports.isEmpty()) {
                        ended = List.copyOf(reports);
                        reports.clear();
                    }
                }
            }
        } catch (RuntimeException e) {
            message.rejected(RabbitMqTranslator.error("sending to " + route, e));
        } finally {
            ended.forEach(Runnable::run);
        }
    }

    private void requireTaking() {
        if (closed) {
            throw closedError();
        }
        if (link.blocked() != null) {
            link.awaitUnblocked(backPressure);
            String reason = link.blocked();
            if (reason != null) {
                throw RabbitMqTranslator.alarm(reason);
            }
        }
    }

    private void publish(
            OutboundMessage message, long sentNanos, RabbitMqRoute.Target target, BasicProperties properties) {
        ConfirmChannel current;
        try {
            current = usable();
        } catch (MessagingException e) {
            report(() -> message.rejected(e));
            return;
        }
        writingSince = System.nanoTime() | 1;
        try {
            current.publish(message, sentNanos, target, properties);
        } finally {
            writingSince = 0;
        }
    }

    /** Outcomes call user code in the end, which may wait for another thread that sends. */
    private void report(Runnable outcome) {
        if (Thread.holdsLock(publishing)) {
            reports.add(outcome);
        } else {
            outcome.run();
        }
    }

    private MessagingException closedError() {
        return new MessagingException(ErrorCode.CLOSED, "the sender to " + route + " is closed");
    }

    private ConfirmChannel usable() {
        ConfirmChannel current = channel;
        if (current != null && !current.isUnusable()) {
            return current;
        }
        if (current != null) {
            current.lost(null);
            link.dispose(current.channel());
        }
        ConfirmChannel opened = openChannel();
        channel = opened;
        if (closed) {
            link.dispose(opened.channel());
            throw closedError();
        }
        return opened;
    }

    /** Called by the timer: reports what has waited too long, and frees a thread that cannot write. */
    void tick(long now) {
        ConfirmChannel current = channel;
        if (current != null) {
            current.expire(now, outcomeWithinNanos);
        }
        long since = writingSince;
        if (since != 0 && now - since > outcomeWithinNanos) {
            link.breakOff();
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return Optional.ofNullable(channel)
                .map(ConfirmChannel::channel)
                .filter(type::isInstance)
                .map(type::cast);
    }

    @Override
    public void close(Duration timeout) {
        closed = true;
        ConfirmChannel current = channel;
        if (current != null) {
            link.dispose(current.channel());
        }
        onClose.accept(this);
    }
}
