package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.spi.support.PushLane;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One RabbitMQ queue, consumed over a channel of its own. Closing that channel is the one step in which the server takes
 * a consumer away and puts back what it held, at the old place; cancelling first would let a successor run ahead.
 */
final class RabbitMqLane extends PushLane<RabbitMqMessage> {
    final String queue;
    final Channel channel;
    final AttemptRecord attempts;
    private int prefetch;
    private @Nullable Subscriptions subscriptions;

    /** Whether the server has given it anything: the one sure sign of being a queue's single active consumer. */
    volatile boolean active;

    RabbitMqLane(String queue, Channel channel, AttemptRecord attempts, int prefetch) {
        super(queue, prefetch / 4);
        this.queue = queue;
        this.channel = channel;
        this.attempts = attempts;
        this.prefetch = prefetch;
    }

    /** Begins to consume. Blocks for two round trips. */
    void consume(String tag, Consumer<RabbitMqMessage> sink, BiConsumer<RabbitMqLane, @Nullable Throwable> failed)
            throws IOException {
        channel.addShutdownListener(cause -> failed.accept(this, cause));
        Subscriptions made = new Subscriptions(channel, queue, tag, () -> consumer(sink, failed));
        subscriptions = made;
        made.window(prefetch);
    }

    /** So many messages may be sent in advance from now on. Blocks for some round trips. */
    void window(int messages) throws IOException {
        if (subscriptions != null) {
            prefetch = messages;
            acks().many(messages / 4);
            subscriptions.window(messages);
        }
    }

    /** Whether the server waits for an acknowledgement. */
    boolean isStalled() {
        return acks().open().size() >= prefetch;
    }

    private DefaultConsumer consumer(
            Consumer<RabbitMqMessage> sink, BiConsumer<RabbitMqLane, @Nullable Throwable> failed) {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
                active = true;
                try {
                    sink.accept(new RabbitMqMessage(RabbitMqLane.this, envelope, properties, body));
                } catch (Throwable e) {
                    // the library would only log it, and later messages of the key would overtake this one
                    failed.accept(RabbitMqLane.this, new IOException("could not take over a delivery", e));
                }
            }

            @Override
            public void handleCancel(String consumerTag) {
                failed.accept(RabbitMqLane.this, null);
            }
        };
    }

    /** Tells the server what need not wait for more. */
    void flush(long now) throws IOException, ShutdownSignalException {
        acks().flush(now, this::acknowledge);
    }

    /** Tells the server all that is done. */
    void flushAll() throws IOException, ShutdownSignalException {
        acks().flushAll(this::acknowledge);
    }

    private void acknowledge(RabbitMqMessage first, RabbitMqMessage last, int count, boolean all) throws IOException {
        if (all) {
            channel.basicAck(last.tag(), true);
        } else {
            for (long tag = first.tag(); tag <= last.tag(); tag++) {
                channel.basicAck(tag, false);
            }
        }
    }
}
