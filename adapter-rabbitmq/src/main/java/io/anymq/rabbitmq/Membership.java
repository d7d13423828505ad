package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the receivers that share the lanes of a source. RabbitMQ says of a queue with a single active consumer that it has
 * this one alone, so every receiver consumes from a queue without messages as well, or from two while older versions of
 * AnyMQ count each other in another one.
 *
 * <p>Receiving does not depend on it: it joins in the background, and again, with growing pauses, whenever the server or
 * the network ends that. Meanwhile every receiver keeps the lanes that it has.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    /** A queue that is missing and may not be created is looked for that often: another client may create it. */
    private static final long MISSING_PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    private final RabbitMqLink link;
    private final String name;
    private final List<Seat> seats;
    private boolean saidMissing;
    private volatile boolean closed;

    /** Begins to join under a name. */
    Membership(RabbitMqLink link, List<HelperQueue> queues, String name) {
        this.link = link;
        this.name = name;
        this.seats = queues.stream().map(Seat::new).toList();
        look();
    }

    /**
     * How many members there are, about once a second; 0 in between, or if that is not known. Does not wait for the
     * server. For the receiver's thread.
     */
    int count() {
        return look() ? seats.stream().mapToInt(seat -> seat.known).max().orElse(0) : 0;
    }

    /** Whether there is news. */
    private boolean look() {
        long now = System.nanoTime();
        boolean news = false;
        for (Seat seat : seats) {
            news |= seat.look(now);
        }
        return news;
    }

    void close() {
        closed = true;
        seats.forEach(Seat::leave);
    }

    private synchronized void missing(MessagingException error) {
        if (!saidMissing && seats.stream().allMatch(seat -> seat.missing)) {
            saidMissing = true;
            LOG.info("{}; the first consumer keeps all lanes while it runs", error.getMessage());
        }
    }

    /** The membership in one queue. */
    private final class Seat {
        private final HelperQueue queue;

        /** For the receiver's thread. */
        private int known;

        private @Nullable CompletableFuture<Command> asked;
        private long lastAsked = System.nanoTime();

        // guarded by this
        private @Nullable Channel channel;
        private boolean joining;
        private boolean troubled;
        private long pause = FIRST_PAUSE_NANOS;
        private long nextTry = System.nanoTime();

        private volatile boolean missing;

        Seat(HelperQueue queue) {
            this.queue = queue;
        }

        /** Joins if that is due, or counts. */
        boolean look(long now) {
            Channel joined = joined(now);
            if (joined == null) {
                known = 0;
                asked = null;
                return false;
            }
            CompletableFuture<Command> answer = asked;
            if (answer == null) {
                if (now - lastAsked >= INTERVAL_NANOS) {
                    lastAsked = now;
                    asked = ask(joined);
                }
                return false;
            }
            if (!answer.isDone()) {
                return false;
            }
            asked = null;
            known = !answer.isCompletedExceptionally()
                            && answer.join().getMethod() instanceof AMQP.Queue.DeclareOk queueOk
                    ? queueOk.getConsumerCount()
                    : 0;
            if (known > 0) {
                settled();
            }
            return true;
        }

        private @Nullable CompletableFuture<Command> ask(Channel joined) {
            try {
                return joined.asyncCompletableRpc(new AMQP.Queue.Declare.Builder()
                        .queue(queue.name())
                        .passive()
                        .build());
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("Could not count the consumers of {}; trying again", queue.name(), e);
                return null;
            }
        }

        private synchronized @Nullable Channel joined(long now) {
            if (joining) {
                return null;
            }
            if (channel == null && !closed && now - nextTry >= 0) {
                joining = true;
                link.execute(this::join);
            }
            return channel;
        }

        private void join() {
            Channel opened = null;
            try {
                opened = link.channel();
                Channel here = opened;
                use(here);
                here.addShutdownListener(cause -> lost(here, cause));
                if (queue.arguments() != null) {
                    queue.open(here);
                }
                here.basicConsume(queue.name(), true, name, new DefaultConsumer(here) {
                    @Override
                    public void handleCancel(String consumerTag) {
                        lost(here, null);
                    }
                });
                joined(here);
            } catch (Throwable e) {
                // Nothing would join again.
                failed(RabbitMqTranslator.error("joining " + queue.name(), e), opened != null);
                if (opened != null) {
                    link.dispose(opened);
                }
            }
        }

        private synchronized void use(Channel opened) {
            channel = opened;
        }

        private void joined(Channel opened) {
            synchronized (this) {
                joining = false;
                missing = false;
                if (channel == opened && !closed) {
                    return;
                }
                // left, or lost, while the answer was on its way
                channel = null;
                tryLater(pause);
            }
            link.dispose(opened);
        }

        /** @param connected if not, the receiver itself tells of the lost connection */
        private void failed(MessagingException error, boolean connected) {
            boolean absent = error.code() == ErrorCode.NOT_FOUND || error.code() == ErrorCode.AUTHORIZATION;
            synchronized (this) {
                joining = false;
                channel = null;
                missing = absent;
                tryLater(absent ? MISSING_PAUSE_NANOS : pause);
                if (connected && !absent && !closed) {
                    warn(error.getMessage());
                }
            }
            if (absent && !closed) {
                missing(error);
            }
        }

        /** On the connection's thread: the server or the network has ended the membership. */
        private void lost(Channel which, @Nullable ShutdownSignalException cause) {
            synchronized (this) {
                if (channel != which) {
                    return;
                }
                channel = null;
                if (joining || closed) {
                    return;
                }
                tryLater(pause);
                // the receiver itself tells of a lost connection
                if (cause == null || !cause.isHardError()) {
                    warn("The server ended the membership in " + queue.name() + ": "
                            + (cause == null ? "it cancelled the consumer" : cause.getMessage()));
                }
            }
            link.dispose(which);
        }

        /** Within the lock; once, until there are members again. */
        private void warn(@Nullable String text) {
            if (!troubled) {
                troubled = true;
                LOG.warn("{}; joining again with backoff, until then its receivers keep their lanes", text);
            }
        }

        /** Members were counted, so joining has worked for a while. */
        private synchronized void settled() {
            if (troubled) {
                LOG.info("Joined {} again", queue.name());
            }
            troubled = false;
            pause = FIRST_PAUSE_NANOS;
        }

        private void tryLater(long nanos) {
            nextTry = System.nanoTime() + nanos;
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
        }

        void leave() {
            Channel left;
            synchronized (this) {
                // one that is joining sees it afterwards
                left = joining ? null : channel;
                channel = null;
            }
            if (left != null) {
                link.dispose(left);
            }
        }
    }
}
