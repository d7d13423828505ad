package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.spi.Lane;
import io.anymq.spi.support.AckWindow;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One RabbitMQ queue, consumed over a channel of its own. Closing that channel is the one step in which the server takes
 * a consumer away and puts back what it held, at the old place; cancelling first would let a successor run ahead.
 */
final class RabbitMqLane {
    private final String queue;
    private final Channel channel;
    private final AttemptRecord attempts;
    private final Lane token;
    private final int prefetch;
    private final AckWindow<RabbitMqMessage> acks;

    private String consumerTag = "";

    /** Whether the server has given it anything: the one sure sign of being a queue's single active consumer. */
    private volatile boolean active;

    /** Ends with the channel; after that nothing is told to the server. Used by the receiver's thread. */
    boolean owned = true;

    RabbitMqLane(String queue, Channel channel, AttemptRecord attempts, int prefetch) {
        this.queue = queue;
        this.channel = channel;
        this.attempts = attempts;
        this.token = new Lane(queue);
        this.prefetch = prefetch;
        this.acks = new AckWindow<>(prefetch / 4);
    }

    /** Begins to consume. Blocks for two round trips. */
    void consume(String tag, Consumer<RabbitMqMessage> sink, BiConsumer<RabbitMqLane, @Nullable Throwable> failed)
            throws IOException {
        consumerTag = tag;
        channel.addShutdownListener(cause -> failed.accept(this, cause));
        channel.basicQos(prefetch);
        channel.basicConsume(queue, false, tag, new DefaultConsumer(channel) {
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
        });
    }

    /** Stops what is still on its way, and returns when all of it has come. Only where there is no order to keep. */
    void cancel() throws IOException, ShutdownSignalException {
        channel.basicCancel(consumerTag);
    }

    String queue() {
        return queue;
    }

    Channel channel() {
        return channel;
    }

    AttemptRecord attempts() {
        return attempts;
    }

    Lane token() {
        return token;
    }

    AckWindow<RabbitMqMessage> acks() {
        return acks;
    }

    boolean isActive() {
        return active;
    }

    /** Tells the server what need not wait for more. */
    void flush(long now) throws IOException, ShutdownSignalException {
        acks.flush(now, this::acknowledge);
    }

    /** Tells the server all that is done. */
    void flushAll() throws IOException, ShutdownSignalException {
        acks.flushAll(this::acknowledge);
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
