package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MetricsCollector;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.AMQImpl.Basic.Deliver;
import com.rabbitmq.client.impl.ChannelN;
import com.rabbitmq.client.impl.ConsumerWorkService;
import com.rabbitmq.client.observation.ObservationCollector;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose deliveries need not go through the client library's queues for threads that run consumers: handing a
 * message over takes less time than queueing it, and a kilobyte of memory less.
 */
final class DirectChannel extends ChannelN {
    private volatile @Nullable Deliveries deliveries;

    DirectChannel(AMQConnection connection, int number, ConsumerWorkService workers, MetricsCollector metrics) {
        super(connection, number, workers, metrics, ObservationCollector.NO_OP);
    }

    /** Takes what a channel delivers. */
    @FunctionalInterface
    interface Deliveries {
        /** On the connection's thread: must not block. */
        void accept(Envelope envelope, BasicProperties properties, byte[] body);
    }

    /** To be set before anything is consumed; the consumers of this channel then get everything but deliveries. */
    void deliverTo(Deliveries sink) {
        deliveries = sink;
    }

    @Override
    protected void processDelivery(Command command, Deliver method) {
        Deliveries sink = deliveries;
        if (sink == null) {
            super.processDelivery(command, method);
            return;
        }
        sink.accept(
                new Envelope(
                        method.getDeliveryTag(), method.getRedelivered(), method.getExchange(), method.getRoutingKey()),
                (BasicProperties) command.getContentHeader(),
                command.getContentBody());
    }
}
