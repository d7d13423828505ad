package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.AttemptCounts;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps how often messages that came back were tried, in a queue beside the one they are in. RabbitMQ counts returns, and a
 * return is not an attempt: an orderly close returns hundreds that no handler has seen, and so does a crash. So a receiver
 * that returns messages in order writes down how many attempts each had, and an attempt at a message that had been
 * returned is written down before its handler runs. A first delivery costs nothing. A message without a record that comes back
 * was held by a consumer that died, and counts as tried once; unless its queue was once given up in order, for then it may
 * have been on its way at that moment.
 *
 * <p>Records are read by one consumer at a time, which the server sees to, and merged when there are many. They expire
 * after a week. Thread-safe.
 */
final class AttemptRecord {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRecord.class);
    private static final Map<String, Object> ARGUMENTS = Map.of(
            "x-queue-type", "classic", "x-message-ttl", Duration.ofDays(7).toMillis(), "x-max-length-bytes", 16L << 20);
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();
    private static final int MERGE_FROM = 100;
    private static final String END = "end ";
    private static final String CLEAN = "clean:";

    private final RabbitMqLink link;
    private final String queue;
    private final boolean mayCreate;
    final Duration timeout;
    private final AttemptCounts counts = new AttemptCounts();

    private @Nullable Channel writer;
    private volatile boolean missing;

    AttemptRecord(RabbitMqLink link, String queue, boolean mayCreate, Duration timeout) {
        this.link = link;
        this.queue = queue;
        this.mayCreate = mayCreate;
        this.timeout = timeout;
    }

    /** Attempts made at a message that has come back; read() comes first. */
    int of(RabbitMqMessage message) {
        if (missing) {
            return message.nativeCount();
        }
        Integer attempts = counts.of(message.identity());
        if (attempts != null) {
            return attempts;
        }
        return counts.of(CLEAN + message.owner.queue) != null ? 0 : 1;
    }

    /**
     * What to write when a single active consumer gives up {@code queue} in order. Messages that are on their way to it at
     * that moment go back without its knowledge, and no handler has seen them.
     */
    static String clean(String queue) {
        return CLEAN + queue;
    }

    /** Writes down an attempt that is about to begin. Called on the handler's thread; a write to a socket at most. */
    void begin(String identity, int attempt) {
        byte[] record = counts.record(Map.of(identity, attempt));
        synchronized (this) {
            Channel channel = writer;
            if (channel == null || link.blocked() != null) {
                return;
            }
            try {
                publish(channel, record);
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("Could not record an attempt in {}; a crash now would not count it", queue, e);
            }
        }
    }

    private void publish(Channel channel, byte[] record) throws IOException {
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, record);
    }

    /** Writes down what is about to be returned, and waits for the confirm. */
    void save(Map<String, Integer> attempts, Duration bound) {
        byte[] record = counts.record(attempts);
        if (attempts.isEmpty() || link.blocked() != null) {
            return;
        }
        synchronized (this) {
            Channel channel = openWriter();
            if (channel == null) {
                return;
            }
            try {
                publish(channel, record);
                if (!channel.waitForConfirms(Math.max(1, Math.min(bound.toMillis(), timeout.toMillis())))) {
                    LOG.warn("{} rejected the attempts of returned messages; they count as tried once", queue);
                }
            } catch (IOException | ShutdownSignalException | TimeoutException e) {
                LOG.warn(
                        "Could not record attempts in {}: {}; returned messages count as tried once",
                        queue,
                        e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Within the lock. Null if the queue is not there and may not be created. */
    private @Nullable Channel openWriter() {
        Channel channel = writer;
        if (channel != null && channel.isOpen()) {
            return channel;
        }
        Channel opened = link.channel();
        try {
            if (mayCreate) {
                opened.queueDeclare(queue, true, false, false, ARGUMENTS);
            } else {
                opened.queueDeclarePassive(queue);
            }
            opened.confirmSelect();
            writer = opened;
            missing = false;
            return opened;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqLink.discard(opened);
            MessagingException error = RabbitMqTranslator.error("opening " + queue, e);
            if (error.code() == ErrorCode.NOT_FOUND || error.code() == ErrorCode.AUTHORIZATION) {
                if (!missing) {
                    LOG.info("{}; attempts before a crash are taken from RabbitMQ's own count", error.getMessage());
                }
                missing = true;
                return null;
            }
            throw error;
        }
    }

    /** Reads what there is. Blocks for a few round trips, and while another consumer reads. */
    void read() {
        synchronized (this) {
            if (openWriter() == null) {
                return;
            }
        }
        Deadline deadline = Deadline.after(timeout);
        while (!tryRead(deadline)) {
            if (deadline.passed()) {
                String reason = "another consumer has kept " + queue + " to itself for " + timeout.toMillis() + " ms";
                throw VendorErrors.error(ErrorCode.TIMEOUT, reason, null);
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private boolean tryRead(Deadline deadline) {
        Channel channel = link.channel();
        Reader reader = new Reader(channel);
        try {
            channel.basicConsume(queue, false, "", false, true, null, reader);
            // Whatever was there before this one comes before it.
            publish(channel, reader.mark);
            reader.done.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
            if (reader.records > MERGE_FROM) {
                channel.confirmSelect();
                publish(channel, counts.merged(reader.identities));
                if (channel.waitForConfirms(deadline.millisLeft())) {
                    channel.basicAck(reader.lastTag, true);
                }
            }
            return true;
        } catch (IOException | ShutdownSignalException | TimeoutException e) {
            AMQP.Channel.Close close = RabbitMqTranslator.channelClose(e);
            if (close != null
                    && ServerTexts.Reply.of(close.getReplyCode(), close.getReplyText())
                            == ServerTexts.Reply.EXCLUSIVE) {
                return false;
            }
            throw RabbitMqTranslator.error("reading " + queue, e);
        } catch (ExecutionException e) {
            throw RabbitMqTranslator.error("reading " + queue, requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(ErrorCode.CLOSED, "interrupted while reading " + queue, true, e);
        } finally {
            // Puts everything back that was not acknowledged.
            RabbitMqLink.discard(channel);
        }
    }

    void close() {
        Channel channel;
        synchronized (this) {
            channel = writer;
            writer = null;
        }
        if (channel != null) {
            RabbitMqLink.discard(channel);
        }
    }

    /** Takes records until its own mark comes. */
    private final class Reader extends DefaultConsumer {
        private final byte[] mark = (END + UUID.randomUUID()).getBytes(UTF_8);
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Set<String> identities = new HashSet<>();
        private int records;
        private long lastTag;

        Reader(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
                throws IOException {
            if (done.isDone()) {
                return;
            }
            lastTag = envelope.getDeliveryTag();
            if (!new String(body, UTF_8).startsWith(END)) {
                identities.addAll(counts.read(body));
                records++;
                return;
            }
            // another reader may have left its own
            getChannel().basicAck(lastTag, false);
            if (Arrays.equals(body, mark)) {
                done.complete(null);
            }
        }

        @Override
        public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
            done.completeExceptionally(cause);
        }
    }
}
