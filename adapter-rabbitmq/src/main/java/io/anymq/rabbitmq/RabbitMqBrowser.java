package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look at the queues of one source, one after the other: takes what was there, acknowledges nothing, and puts it back by
 * closing the channel. It has a connection of its own, whose thread waits while nothing is asked for, so that the server
 * stops sending; more than a few hundred messages are never here.
 */
final class RabbitMqBrowser implements BrokerBrowser {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqBrowser.class);
    private static final int AHEAD = 256;
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();

    /** A queue learns a little later that a consumer is gone. */
    private static final Duration CONSUMERS_LEAVE_WITHIN = Duration.ofSeconds(1);

    private final Connection connection;
    private final Iterator<String> queues;
    private final AttemptRecord attempts;
    private final Duration timeout;
    private final BlockingQueue<RabbitMqMessage> buffer = new ArrayBlockingQueue<>(AHEAD);
    private @Nullable Lane current;

    RabbitMqBrowser(Connection connection, List<String> queues, AttemptRecord attempts, Duration timeout) {
        this.connection = connection;
        this.queues = queues.iterator();
        this.attempts = attempts;
        this.timeout = timeout;
    }

    @Override
    public List<? extends InboundMessage> next(int max) {
        Deadline deadline = Deadline.after(timeout);
        try {
            while (current == null || current.left == 0) {
                leave(deadline);
                if (!queues.hasNext()) {
                    return List.of();
                }
                current = enter(queues.next());
            }
            return page(current, max, deadline);
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("looking at stored messages", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(ErrorCode.CLOSED, "interrupted while looking at messages", true, e);
        }
    }

    private List<RabbitMqMessage> page(Lane lane, int max, Deadline deadline) throws InterruptedException {
        RabbitMqMessage first = buffer.poll(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        if (first == null) {
            throw VendorErrors.error(
                    lane.channel.isOpen() ? ErrorCode.TIMEOUT : ErrorCode.UNAVAILABLE,
                    "the server has given no more of " + lane.queue + " within " + timeout.toMillis()
                            + " ms; look again",
                    lane.channel.getCloseReason());
        }
        List<RabbitMqMessage> page = new ArrayList<>();
        page.add(first);
        buffer.drainTo(page, Math.min(max, lane.left) - 1);
        lane.left -= page.size();
        return page;
    }

    /** A message of the queue that is not seen here is held by a consumer, and a look would stand in its way. */
    private Lane enter(String queue) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw VendorErrors.error(ErrorCode.FULL, "the server allows no more channels; raise its channel_max", null);
        }
        AMQP.Queue.DeclareOk state = channel.queueDeclarePassive(queue);
        Deadline leaving = Deadline.after(CONSUMERS_LEAVE_WITHIN);
        while (state.getConsumerCount() > 0 && !leaving.passed()) {
            LockSupport.parkNanos(PACE_NANOS);
            state = channel.queueDeclarePassive(queue);
        }
        Lane lane = new Lane(queue, channel, state.getMessageCount());
        if (state.getConsumerCount() > 0) {
            leave(lane);
            throw VendorErrors.error(
                    ErrorCode.UNSUPPORTED,
                    "the queue " + queue + " is being read by a consumer, a redrive or another look, and RabbitMQ shows"
                            + " messages to one of them only; look again when that is closed",
                    null);
        }
        if (lane.left > 0) {
            channel.basicConsume(queue, false, lane);
        }
        return lane;
    }

    private void leave(Deadline deadline) throws IOException {
        Lane lane = current;
        current = null;
        if (lane == null) {
            return;
        }
        leave(lane);
        // a quorum queue learns of it later; who looks next must find all
        Channel channel = lane.count > 0 ? connection.createChannel() : null;
        if (channel != null) {
            boolean back = false;
            while (!back && !deadline.passed()) {
                AMQP.Queue.DeclareOk state = channel.queueDeclarePassive(lane.queue);
                back = state.getMessageCount() >= lane.count || state.getConsumerCount() > 0;
                if (!back) {
                    LockSupport.parkNanos(PACE_NANOS);
                }
            }
            RabbitMqLink.discard(channel);
        }
    }

    private void leave(Lane lane) {
        lane.ended = true;
        buffer.clear();
        RabbitMqLink.discard(lane.channel);
        buffer.clear();
    }

    @Override
    public void close(Duration limit) {
        try {
            leave(Deadline.after(limit.dividedBy(2)));
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("A look was closed with its connection", e);
        } finally {
            connection.abort((int) Math.max(1, Math.min(5_000, limit.toMillis())));
        }
    }

    /** One queue, from the first of its messages to the last that was there. */
    private final class Lane extends DefaultConsumer {
        private final String queue;
        private final Channel channel;
        private final int count;
        private final RabbitMqLane owner;

        /** Not asked for yet. Used by the thread that looks. */
        private int left;

        /** Used by the connection's thread. */
        private int arrived;

        private volatile boolean ended;

        Lane(String queue, Channel channel, int count) {
            super(channel);
            this.queue = queue;
            this.channel = channel;
            this.count = count;
            this.left = count;
            this.owner = new RabbitMqLane(queue, channel, attempts, 1);
        }

        /** Waits for room, and with it the connection. */
        @Override
        public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
            if (arrived == count) {
                return;
            }
            arrived++;
            RabbitMqMessage message = new RabbitMqMessage(owner, envelope, properties, body);
            message.know(0);
            try {
                boolean taken = false;
                while (!taken && !ended) {
                    taken = buffer.offer(message, 10, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
