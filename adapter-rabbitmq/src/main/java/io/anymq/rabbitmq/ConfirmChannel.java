package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.ConfirmWindow;
import io.anymq.spi.support.GatheringOutput;
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
    private final ConfirmWindow<PendingSend> window;
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
        this.window = new ConfirmWindow<>(maxInFlight);
        channel.addConfirmListener(this::acked, this::nacked);
        channel.addReturnListener(returned -> returned(
                returned.getReplyCode(), returned.getReplyText(), RabbitMqTranslator.id(returned.getProperties())));
        channel.addShutdownListener(this::lost);
        // Channel.confirmSelect would have the client library keep a second window.
        channel.rpc(new AMQP.Confirm.Select.Builder().build());
    }

    Channel channel() {
        return channel;
    }

    /** A channel from before a change of leaders is refused for ever; one without anything under way can go. */
    boolean isUnusable() {
        return over || !channel.isOpen() || (nackedLast && window.isEmpty());
    }

    /** Called by one thread at a time, because the server numbers messages in the order of their arrival. */
    void publish(PendingSend pending, RabbitMqRoute.Target target, BasicProperties properties) {
        PendingSend oldest = window.add(pending, CROWD);
        boolean mayWait = oldest != null && pending.sentNanos - oldest.sentNanos >= SLOW_ANSWER_NANOS;
        GatheringOutput output = mayWait ? link.output() : null;
        try {
            if (output == null) {
                write(pending, target, properties);
            } else {
                output.lazily(() -> write(pending, target, properties));
            }
        } catch (AlreadyClosedException e) {
            // Refused before anything was written.
            reports.execute(() -> pending.message.rejected(RabbitMqTranslator.error("sending to " + route, e)));
            lost(e);
        } catch (IOException e) {
            lost(e);
        } catch (RuntimeException e) {
            // It was counted here, and the server will not see it.
            reports.execute(() -> pending.message.rejected(RabbitMqTranslator.unencodable("sending to " + route, e)));
            lost(e);
        } catch (Error e) {
            // counted here alone, so later confirms would be taken for the wrong message
            lost(e);
            throw e;
        }
    }

    private void write(PendingSend pending, RabbitMqRoute.Target target, BasicProperties properties)
            throws IOException {
        channel.basicPublish(
                target.exchange(), target.routingKey(), target.mandatory(), properties, pending.message.body());
    }

    private void acked(long number, boolean multiple) {
        confirmedAny = true;
        nackedLast = false;
        List<PendingSend> done = window.remove(number, multiple);
        for (int i = 0; i < done.size(); i++) {
            done.get(i).confirmed();
        }
    }

    private void nacked(long number, boolean multiple) {
        nackedLast = true;
        for (PendingSend pending : window.remove(number, multiple)) {
            pending.message.unknown(new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the server refused to take a message to " + route
                            + ": its queue is at its length limit, or has just lost its leader; send it again later",
                    true,
                    null));
        }
    }

    private void returned(int code, String text, @Nullable String id) {
        PendingSend pending =
                window.find(each -> !each.isReturned() && each.message.id().equals(id));
        if (pending != null) {
            pending.returned(new MessagingException(
                    ErrorCode.NOT_FOUND,
                    "sending to " + route + " failed: no queue takes it (" + code + " " + text
                            + "); create the queue, or set anymq.provision=create"));
        }
    }

    /** Ends all that is under way; the channel cannot be used any more, because its numbers may be ahead of the server's. */
    void lost(@Nullable Throwable cause) {
        over = true;
        List<PendingSend> left = window.removeAll();
        if (left.isEmpty()) {
            return;
        }
        MessagingException error = cause == null
                ? new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        "sending to " + route + " failed: its channel was closed; the next message opens another",
                        true,
                        null)
                : RabbitMqTranslator.error("sending to " + route, cause);
        // The first message on a channel is what it was closed for, and the server looked at none behind it.
        boolean nothingStored =
                !confirmedAny && (error.code() == ErrorCode.AUTHORIZATION || error.code() == ErrorCode.NOT_FOUND);
        long tooLarge = error.code() == ErrorCode.TOO_LARGE ? ServerTexts.refusedSize(error.getMessage()) : -1;
        reports.execute(() -> {
            for (PendingSend pending : left) {
                if (nothingStored || pending.message.body().length == tooLarge) {
                    pending.message.rejected(error);
                } else {
                    pending.message.unknown(error);
                }
            }
        });
    }

    /** Ends what was sent this long ago. */
    void expire(long now, long outcomeWithinNanos) {
        for (PendingSend pending : window.removeWhile(each -> now - each.sentNanos >= outcomeWithinNanos)) {
            String reason = link.blocked();
            pending.message.unknown(
                    reason != null
                            ? RabbitMqTranslator.alarm(reason)
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
