package io.anymq.rabbitmq;

import static java.util.Objects.requireNonNullElse;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.AttemptCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
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
 * <p>A message without an id cannot be told from its like, and is not recorded. Records expire after a week. What is
 * written goes to the first queue that is there or can be made; what older versions wrote to another is read as well, if
 * that is possible. Thread-safe.
 */
final class AttemptRecord {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRecord.class);
    private static final Duration OPENING = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

    private record Writer(RecordQueue queue, Channel channel) {}

    private final RabbitMqLink link;
    private final List<RecordQueue> queues;
    final Duration timeout;
    private final AttemptCounts counts;

    private @Nullable Writer writer;
    private boolean closed;
    private volatile boolean missing;

    // for the receiver's thread
    private long nextLook = System.nanoTime();
    private boolean saidUnreadable;

    /**
     * Reads and writes nothing yet.
     *
     * @param queues the first one that can be had is written to, the others are those of older versions
     * @param counts what this process knows
     */
    AttemptRecord(RabbitMqLink link, List<HelperQueue> queues, Duration timeout, AttemptCounts counts) {
        this.link = link;
        this.queues = queues.stream()
                .map(queue -> new RecordQueue(link, queue, counts))
                .toList();
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

    /** Makes {@link #begin} possible, if the server answers soon; blocks for a few round trips, until it has worked. */
    void open() {
        if (isOpen() || link.blocked() != null) {
            return;
        }
        try {
            link.run(this::prepare, OPENING.compareTo(timeout) < 0 ? OPENING : timeout);
        } catch (IOException | MessagingException e) {
            LOG.debug("Could not open {}; a crash at the first message would not be counted", name(), e);
        }
    }

    private String name() {
        return queues.get(0).name();
    }

    private synchronized boolean isOpen() {
        return writer != null;
    }

    /** Not within the lock, which handlers need. */
    private void prepare() {
        Writer opened = openFirst();
        synchronized (this) {
            if (opened != null && writer == null && !closed) {
                writer = opened;
                return;
            }
        }
        if (opened != null) {
            RabbitMqLink.discard(opened.channel());
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
            Writer current = writer;
            if (current == null || link.blocked() != null) {
                return;
            }
            try {
                current.queue().publish(current.channel(), record);
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("Could not record an attempt in {}; a crash now would not count it", name(), e);
            }
        }
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
            Writer current = openWriter();
            if (current == null) {
                return;
            }
            try {
                current.queue().publish(current.channel(), record);
                long millis = Math.max(1, Math.min(bound.toMillis(), timeout.toMillis()));
                if (!current.channel().waitForConfirms(millis)) {
                    LOG.warn("{} rejected the attempts of returned messages; other processes count none", name());
                }
            } catch (IOException | ShutdownSignalException | TimeoutException e) {
                LOG.warn(
                        "Could not record attempts in {}: {}; other processes count none of returned messages",
                        name(),
                        e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Within the lock. Null if there is no queue and none may be created. */
    private @Nullable Writer openWriter() {
        Writer current = writer;
        if (current == null || !current.channel().isOpen()) {
            current = openFirst();
            writer = current;
        }
        return current;
    }

    private @Nullable Writer openFirst() {
        MessagingException error = null;
        for (RecordQueue queue : queues) {
            try {
                Writer opened = new Writer(queue, queue.openWriter());
                missing = false;
                return opened;
            } catch (MessagingException e) {
                if (!isMissing(e)) {
                    throw e;
                }
                error = error == null ? e : error;
            }
        }
        if (error != null && !missing) {
            LOG.info("{}; attempts before a crash are not counted", error.getMessage());
        }
        missing = true;
        return null;
    }

    private static boolean isMissing(MessagingException error) {
        return error.code() == ErrorCode.NOT_FOUND || error.code() == ErrorCode.AUTHORIZATION;
    }

    /** Reads what there is. Blocks for a few round trips, and while another consumer reads. For the receiver's thread. */
    void read() {
        RecordQueue written;
        synchronized (this) {
            Writer current = openWriter();
            if (current == null) {
                return;
            }
            written = current.queue();
        }
        written.read(timeout);
        for (RecordQueue older : queues.subList(queues.indexOf(written) + 1, queues.size())) {
            readOlder(older);
        }
    }

    /** Messages do not wait for the node of a queue that only older versions write to. */
    private void readOlder(RecordQueue queue) {
        long now = System.nanoTime();
        if (now - nextLook < 0) {
            return;
        }
        try {
            queue.read(OPENING.compareTo(timeout) < 0 ? OPENING : timeout);
            saidUnreadable = false;
        } catch (MessagingException e) {
            if (e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            nextLook = now + LOOK_AGAIN_NANOS;
            if (!isMissing(e) && !saidUnreadable) {
                saidUnreadable = true;
                LOG.info("{}; attempts that older versions of AnyMQ recorded there do not count", e.getMessage());
            }
        }
    }

    void close() {
        Writer last;
        synchronized (this) {
            last = writer;
            writer = null;
            closed = true;
        }
        if (last != null) {
            RabbitMqLink.discard(last.channel());
        }
    }
}
