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
import java.util.Collection;
import java.util.HashMap;
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
 * Keeps how often messages were tried, in a queue beside the one they are in. RabbitMQ counts returns, and a return is not
 * an attempt: a close, a lost connection or a crash returns hundreds that no handler has seen. So a message counts as never
 * tried unless it is known better. This process knows what its own handlers have begun, also when a connection is lost.
 * For other processes, a receiver writes down what it returns in order and was tried; and an attempt at the first message
 * of a receiver, or at one that had been returned, is written down before its handler runs. So one crash of a process may
 * go uncounted, and no other.
 *
 * <p>A message without an id cannot be told from its like, and is not recorded. Records are read by one consumer at a
 * time, which the server sees to, and merged when there are many. They expire after a week. Thread-safe.
 */
final class AttemptRecord {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRecord.class);
    private static final Map<String, Object> ARGUMENTS = Map.of(
            "x-queue-type", "classic", "x-message-ttl", Duration.ofDays(7).toMillis(), "x-max-length-bytes", 16L << 20);
    private static final Duration OPENING = Duration.ofSeconds(2);
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();
    private static final int MERGE_FROM = 100;
    private static final String END = "end ";

    private final RabbitMqLink link;
    private final String queue;
    private final boolean mayCreate;
    final Duration timeout;
    private final AttemptCounts counts;

    private @Nullable Channel writer;
    private boolean closed;
    private volatile boolean missing;

    /** {@code counts}: what this process knows. */
    AttemptRecord(RabbitMqLink link, String queue, boolean mayCreate, Duration timeout, AttemptCounts counts) {
        this.link = link;
        this.queue = queue;
        this.mayCreate = mayCreate;
        this.timeout = timeout;
        this.counts = counts;
    }

    /** Attempts made at a message that has come back; read() comes first. */
    int of(RabbitMqMessage message) {
        String identity = message.identity();
        return identity == null ? 0 : known(identity);
    }

    private int known(String identity) {
        return requireNonNullElse(counts.of(identity), 0);
    }

    /** Makes {@link #begin} possible, if the server answers soon; blocks for a few round trips, once. */
    void open() {
        if (link.blocked() != null) {
            return;
        }
        try {
            link.run(this::prepare, OPENING.compareTo(timeout) < 0 ? OPENING : timeout);
        } catch (IOException | MessagingException e) {
            LOG.debug("Could not open {}; a crash at the first message would not be counted", queue, e);
        }
    }

    /** Not within the lock, which handlers need. */
    private void prepare() {
        Channel opened = openChannel();
        synchronized (this) {
            if (opened != null && writer == null && !closed) {
                writer = opened;
                return;
            }
        }
        if (opened != null) {
            RabbitMqLink.discard(opened);
        }
    }

    /** Writes down an attempt that is about to begin. Called on the handler's thread; a write to a socket at most. */
    void begin(RabbitMqMessage message) {
        String identity = message.identity();
        if (identity == null) {
            return;
        }
        byte[] record = counts.record(Map.of(identity, message.attempts()));
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

    /** In this process only; it is written down when the message goes back to the server, unless that is past. */
    void remember(RabbitMqMessage message, int attempts) {
        String identity = message.identity();
        if (identity != null && attempts != known(identity)) {
            counts.record(Map.of(identity, attempts));
        }
    }

    /** Remembers what is about to be returned, and writes it down where another number stands or none. */
    void save(Collection<RabbitMqMessage> returned, Duration bound) throws IOException {
        Map<String, Integer> changed = new HashMap<>();
        for (RabbitMqMessage message : returned) {
            String identity = message.identity();
            if (identity != null
                    && message.isLookedUp()
                    && (message.isRecorded() || message.attempts() != known(identity))) {
                changed.put(identity, message.attempts());
            }
        }
        if (!changed.isEmpty()) {
            // what an attempt has written down before it began may say more by now than is true
            byte[] record = counts.record(changed);
            link.run(() -> write(record, bound), bound);
        }
    }

    private void write(byte[] record, Duration bound) {
        if (link.blocked() != null) {
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
                    LOG.warn("{} rejected the attempts of returned messages; other processes count none", queue);
                }
            } catch (IOException | ShutdownSignalException | TimeoutException e) {
                LOG.warn(
                        "Could not record attempts in {}: {}; other processes count none of returned messages",
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
        if (channel == null || !channel.isOpen()) {
            channel = openChannel();
            writer = channel;
        }
        return channel;
    }

    private @Nullable Channel openChannel() {
        Channel opened = link.channel();
        try {
            if (mayCreate) {
                opened.queueDeclare(queue, true, false, false, ARGUMENTS);
            } else {
                opened.queueDeclarePassive(queue);
            }
            opened.confirmSelect();
            missing = false;
            return opened;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqLink.discard(opened);
            MessagingException error = RabbitMqTranslator.error("opening " + queue, e);
            if (error.code() == ErrorCode.NOT_FOUND || error.code() == ErrorCode.AUTHORIZATION) {
                if (!missing) {
                    LOG.info("{}; attempts before a crash are not counted", error.getMessage());
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
            closed = true;
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
