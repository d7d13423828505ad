package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.ConfirmedSends;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A channel in confirm mode and what was published on it without an outcome so far. */
final class ConfirmChannel {
    /** With fewer messages unanswered, or answers quicker than this, each is written at once: then the round trip counts. */
    private static final int CROWD = 32;

    private static final long SLOW_ANSWER_NANOS = Duration.ofMillis(10).toNanos();

    private final RabbitMqLink link;
    private final RabbitMqRoute route;
    private final Channel channel;
    private final Executor reports;
    private final ConfirmedSends sends;
    private volatile boolean confirmedAny;
    private volatile boolean nackedLast;
    private volatile boolean over;

    /** Turns on confirms. Blocks for a round trip. {@code reports} runs without the lock of those who publish. */
    ConfirmChannel(RabbitMqLink link, RabbitMqRoute route, Channel channel, int maxInFlight, Executor reports)
            throws IOException {
        this.link = link;
        this.route = route;
        this.channel = channel;
        this.reports = reports;
        this.sends = new ConfirmedSends(maxInFlight);
        channel.addConfirmListener(this::acked, this::nacked);
        channel.addReturnListener(this::returned);
        channel.addShutdownListener(this::lost);
        // Channel.confirmSelect would have the client library keep a second window.
        channel.rpc(new AMQP.Confirm.Select.Builder().build());
    }

    Channel channel() {
        return channel;
    }

    /** A channel from before a change of leaders is refused for ever; one without anything under way can go. */
    boolean isUnusable() {
        return over || !channel.isOpen() || (nackedLast && sends.isEmpty());
    }

    /** Called by one thread at a time, because the server numbers messages in the order of their arrival. */
    void publish(OutboundMessage message, long sentNanos, RabbitMqRoute.Target target, BasicProperties properties) {
        boolean mayWait = sends.add(message, sentNanos, CROWD) >= SLOW_ANSWER_NANOS;
        try {
            if (mayWait) {
                link.output().lazily(() -> write(message, target, properties));
            } else {
                write(message, target, properties);
            }
        } catch (AlreadyClosedException e) {
            // Refused before anything was written.
            reports.execute(() -> message.rejected(RabbitMqTranslator.error("sending to " + route, e)));
            lost(e);
        } catch (IOException e) {
            lost(e);
        } catch (RuntimeException e) {
            // It was counted here, and the server will not see it.
            reports.execute(() -> message.rejected(RabbitMqTranslator.unencodable("sending to " + route, e)));
            lost(e);
        } catch (Error e) {
            // counted here alone, so later confirms would be taken for the wrong message
            lost(e);
            throw e;
        }
    }

    private void write(OutboundMessage message, RabbitMqRoute.Target target, BasicProperties properties)
            throws IOException {
        channel.basicPublish(target.exchange(), target.routingKey(), target.mandatory(), properties, message.body());
    }

    private void acked(long number, boolean multiple) {
        confirmedAny = true;
        nackedLast = false;
        sends.confirmed(number, multiple);
    }

    private void nacked(long number, boolean multiple) {
        nackedLast = true;
        sends.unknown(
                number,
                multiple,
                VendorErrors.error(
                        ErrorCode.UNAVAILABLE,
                        "the server refused to take a message to " + route
                                + ": its queue is at its length limit, or has just lost its leader; send it again later",
                        null));
    }

    private void returned(Return returned) {
        String reason = "no queue takes it (" + returned.getReplyCode() + " " + returned.getReplyText() + ")";
        String advice =
                "create the queue; anymq.provision=create does so whenever a producer or" + " consumer is opened";
        sends.returned(
                RabbitMqTranslator.id(returned.getProperties()),
                VendorErrors.error("sending to " + route, ErrorCode.NOT_FOUND, reason, advice, null));
    }

    /** Ends all that is under way; the channel cannot be used any more, because its numbers may be ahead of the server's. */
    void lost(@Nullable Throwable cause) {
        over = true;
        String action = "sending to " + route;
        String advice = "the next message opens another";
        MessagingException error = cause != null
                ? RabbitMqTranslator.error(action, cause)
                : VendorErrors.error(action, ErrorCode.UNAVAILABLE, "its channel was closed", advice, null);
        // The first message on a channel is what it was closed for, and the server looked at none behind it.
        boolean nothingStored =
                !confirmedAny && (error.code() == ErrorCode.AUTHORIZATION || error.code() == ErrorCode.NOT_FOUND);
        long tooLarge = error.code() == ErrorCode.TOO_LARGE ? ServerTexts.refusedSize(error.getMessage()) : -1;
        List<OutboundMessage> left = sends.removeAll();
        reports.execute(() -> {
            for (OutboundMessage message : left) {
                if (nothingStored || message.body().length == tooLarge) {
                    message.rejected(error);
                } else {
                    message.unknown(error);
                }
            }
        });
    }

    /** Ends what was sent this long ago. */
    void expire(long now, long outcomeWithinNanos) {
        sends.expire(now, outcomeWithinNanos, () -> {
            String reason = link.blocked();
            String late = "the server did not confirm a message to " + route
                    + " in time: it may or may not be stored; check that it runs and is not overloaded";
            return reason != null
                    ? RabbitMqTranslator.alarm(reason)
                    : VendorErrors.error(ErrorCode.TIMEOUT, late, null);
        });
    }
}
