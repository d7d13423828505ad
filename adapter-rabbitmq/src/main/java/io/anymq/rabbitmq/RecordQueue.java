package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One queue of attempts. It is read from its beginning to a mark that the reader puts at its end, by one reader at a
 * time, which the server sees to; what was read goes back, merged into one record when there are many. Thread-safe.
 */
final class RecordQueue {
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

    /** A queue that elects another leader answers again after that; a receiver that is opened again waits longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The reader before this one may have taken its mark. */
    private static final Duration MARK_AGAIN = Duration.ofMillis(250);

    private static final int MERGE_FROM = 100;

    /** Records that a reader has without merging them; without a limit a quorum queue would stop at 2,000. */
    private static final int MOST_UNMERGED = 5_000;

    private static final String END = "end ";

    private final RabbitMqLink link;
    private final HelperQueue queue;
    private final AttemptCounts counts;

    RecordQueue(RabbitMqLink link, HelperQueue queue, AttemptCounts counts) {
        this.link = link;
        this.queue = queue;
        this.counts = counts;
    }

    String name() {
        return queue.name();
    }

    /** A channel to write on, with confirms; makes the queue if it is missing and may be made. */
    Channel openWriter() {
        Channel opened = link.channel();
        try {
            queue.open(opened);
            opened.confirmSelect();
            return opened;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqLink.discard(opened);
            throw RabbitMqTranslator.error("opening " + name(), e);
        }
    }

    void publish(Channel channel, byte[] record) throws IOException {
        channel.basicPublish("", name(), MessageProperties.PERSISTENT_BASIC, record);
    }

    /** Reads what there is. Blocks for a few round trips, while another reader reads, and while the queue is away. */
    void read(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        Deadline patience = Deadline.after(PATIENCE.compareTo(timeout) < 0 ? PATIENCE : timeout);
        while (true) {
            long pause;
            try {
                if (tryRead(deadline)) {
                    return;
                }
                pause = PACE_NANOS;
            } catch (MessagingException e) {
                if (e.code() != ErrorCode.UNAVAILABLE || patience.passed()) {
                    throw e;
                }
                pause = RETRY_NANOS;
            }
            if (deadline.passed()) {
                throw busy(timeout);
            }
            LockSupport.parkNanos(pause);
        }
    }

    private MessagingException busy(Duration timeout) {
        String reason = "another consumer has kept " + name() + " to itself for " + timeout.toMillis() + " ms";
        return VendorErrors.error(ErrorCode.TIMEOUT, reason, null);
    }

    /** False if another one is reading. */
    private boolean tryRead(Deadline deadline) {
        Channel channel = link.channel();
        Reader reader = new Reader(channel);
        try {
            channel.basicQos(MOST_UNMERGED);
            channel.basicConsume(name(), false, "", false, !queue.isQuorum(), null, reader);
            boolean full = false;
            while (true) {
                if (!full) {
                    // Whatever was there before this one comes before it.
                    publish(channel, reader.mark);
                }
                boolean done = reader.await(MARK_AGAIN.compareTo(deadline.left()) < 0 ? MARK_AGAIN : deadline.left());
                full = !done && reader.isFull();
                if (full || (done && reader.count() > MERGE_FROM)) {
                    merge(channel, reader, deadline);
                }
                if (done) {
                    return true;
                }
                if (deadline.passed()) {
                    throw new TimeoutException("no answer in time, or another consumer has it to itself");
                }
            }
        } catch (IOException | ShutdownSignalException | TimeoutException e) {
            AMQP.Channel.Close close = RabbitMqTranslator.channelClose(e);
            if (close != null
                    && ServerTexts.Reply.of(close.getReplyCode(), close.getReplyText())
                            == ServerTexts.Reply.EXCLUSIVE) {
                return false;
            }
            throw RabbitMqTranslator.error("reading " + name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(ErrorCode.CLOSED, "interrupted while reading " + name(), true, e);
        } finally {
            // Puts everything back that was not acknowledged.
            RabbitMqLink.discard(channel);
        }
    }

    private void merge(Channel channel, Reader reader, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        channel.confirmSelect();
        publish(channel, counts.merged(reader.identities));
        if (channel.waitForConfirms(Math.max(1, deadline.millisLeft()))) {
            reader.forget();
        }
    }

    /** Takes records until its own mark comes, or so many that they must be merged first. */
    private final class Reader extends DefaultConsumer {
        private final byte[] mark = (END + UUID.randomUUID()).getBytes(UTF_8);

        // guarded by this while messages come
        private final Set<String> identities = new HashSet<>();
        private int records;
        private long lastTag;
        private boolean done;
        private @Nullable Exception failure;

        Reader(Channel channel) {
            super(channel);
        }

        /** Whether its mark has come. */
        synchronized boolean await(Duration bound) throws IOException, InterruptedException {
            Deadline deadline = Deadline.after(bound);
            while (!done && failure == null && !isFull() && !deadline.passed()) {
                wait(Math.max(1, deadline.millisLeft()));
            }
            if (failure != null && !done) {
                throw failure instanceof IOException io ? io : new IOException(failure);
            }
            return done;
        }

        synchronized boolean isFull() {
            return records >= MOST_UNMERGED;
        }

        synchronized int count() {
            return records;
        }

        /** What was read is in one record now. */
        synchronized void forget() throws IOException {
            getChannel().basicAck(lastTag, true);
            identities.clear();
            records = 0;
        }

        @Override
        public synchronized void handleDelivery(
                String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) throws IOException {
            if (done) {
                return;
            }
            if (!new String(body, UTF_8).startsWith(END)) {
                lastTag = envelope.getDeliveryTag();
                identities.addAll(counts.read(body));
                records++;
            } else {
                // another reader may have left its own
                getChannel().basicAck(envelope.getDeliveryTag(), false);
                done = Arrays.equals(body, mark);
            }
            if (done || isFull()) {
                notifyAll();
            }
        }

        @Override
        public void handleCancel(String consumerTag) {
            fail(VendorErrors.error(
                    ErrorCode.UNAVAILABLE,
                    "the server cancelled the consumer of " + name() + "; was it deleted?",
                    null));
        }

        @Override
        public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
            fail(cause);
        }

        private synchronized void fail(Exception cause) {
            failure = cause;
            notifyAll();
        }
    }
}
