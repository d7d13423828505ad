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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the receivers that share the lanes of a source. RabbitMQ says of a queue with a single active consumer that it has
 * this one alone, so every receiver consumes from a queue without messages as well. For the receiver's thread.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Channel channel;
    private final String queue;
    private long lastAsked = System.nanoTime();
    private @Nullable CompletableFuture<Command> asked;

    private Membership(Channel channel, String queue) {
        this.channel = channel;
        this.queue = queue;
    }

    /** Joins under a name; null where a topology that AnyMQ did not create has no such queue. */
    static @Nullable Membership join(RabbitMqLink link, String queue, String name) {
        Channel channel = link.channel();
        try {
            channel.basicConsume(queue, true, name, new DefaultConsumer(channel));
            return new Membership(channel, queue);
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqLink.discard(channel);
            MessagingException error = RabbitMqTranslator.error("joining " + queue, e);
            if (error.code() != ErrorCode.NOT_FOUND && error.code() != ErrorCode.AUTHORIZATION) {
                throw error;
            }
            LOG.info("{}; the first consumer keeps all lanes while it runs", error.getMessage());
            return null;
        }
    }

    Channel channel() {
        return channel;
    }

    /** How many members there are, about once a second; 0 in between. Does not wait for the server. */
    int count() {
        long now = System.nanoTime();
        CompletableFuture<Command> answer = asked;
        if (answer == null && now - lastAsked >= INTERVAL_NANOS) {
            lastAsked = now;
            ask();
        }
        if (answer == null || !answer.isDone()) {
            return 0;
        }
        asked = null;
        return !answer.isCompletedExceptionally() && answer.join().getMethod() instanceof AMQP.Queue.DeclareOk queueOk
                ? queueOk.getConsumerCount()
                : 0;
    }

    private void ask() {
        try {
            asked = channel.asyncCompletableRpc(
                    new AMQP.Queue.Declare.Builder().queue(queue).passive().build());
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("Could not count the consumers of {}; trying again", queue, e);
        }
    }
}
