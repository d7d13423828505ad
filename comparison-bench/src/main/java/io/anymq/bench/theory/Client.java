package io.anymq.bench.theory;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Sends numbered messages to a queue and receives them: through AnyMQ, or with the vendor's own client. */
abstract class Client implements AutoCloseable {
    /** How the variants of the vendor's own client end. */
    static final String PLAIN = "plain client";

    final DemoContext demo;
    final Queue queue;
    final IntConsumer handled;
    final IntConsumer confirmed;

    Client(DemoContext demo, Queue queue, IntConsumer handled, IntConsumer confirmed) {
        this.demo = demo;
        this.queue = queue;
        this.handled = handled;
        this.confirmed = confirmed;
    }

    /** The client of a variant, connected; the listeners hear the numbers of what was handled and confirmed. */
    static Client of(String variant, DemoContext demo, Queue queue, IntConsumer handled, IntConsumer confirmed)
            throws Exception {
        return variant.endsWith(PLAIN)
                ? new PlainClient(demo, queue, handled, confirmed)
                : new AnyMq(demo, queue, handled, confirmed);
    }

    /** Starts receiving. */
    abstract void subscribe() throws Exception;

    /** Sends message number {@code number}; may block while the broker is away. */
    abstract void send(int number) throws Exception;

    @Override
    public abstract void close();

    /** Messages of one key stay in order. */
    static String key(int number) {
        return "customer-" + number % 50;
    }

    /** AnyMQ reconnects by itself; a key whose send failed continues without that message. */
    private static final class AnyMq extends Client {
        private final Producer<String> producer;
        private @Nullable Consumer consumer;

        AnyMq(DemoContext demo, Queue queue, IntConsumer handled, IntConsumer confirmed) {
            super(demo, queue, handled, confirmed);
            producer = demo.producer(queue);
        }

        @Override
        void subscribe() {
            consumer = demo.consume(
                    queue, builder -> builder, delivery -> handled.accept(Integer.parseInt(delivery.body())));
        }

        @Override
        void send(int number) {
            String key = key(number);
            var unused = demo.send(producer, Message.of(String.valueOf(number)).withKey(key))
                    .whenComplete((receipt, failure) -> {
                        if (failure == null) {
                            confirmed.accept(number);
                        } else {
                            // A gap blocks its key until the application decides; this one goes on without the message.
                            producer.resumeKey(key);
                        }
                    });
        }

        @Override
        public void close() {
            if (consumer != null) {
                consumer.close();
            }
            producer.close();
        }
    }
}
