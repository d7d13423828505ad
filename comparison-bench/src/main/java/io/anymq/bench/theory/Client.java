package io.anymq.bench.theory;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Sends numbered messages to a queue and receives them: through AnyMQ, or with the vendor's own client. */
interface Client extends AutoCloseable {
    /** How the variants of the vendor's own client end. */
    String PLAIN = "plain client";

    /** What a client works with; the listeners hear the numbers of what was handled and confirmed. */
    record Use(DemoContext demo, Queue queue, IntConsumer handled, IntConsumer confirmed) {}

    /** The client of a variant, connected. */
    static Client of(String variant, Use use) throws Exception {
        return variant.endsWith(PLAIN) ? new PlainClient(use) : new AnyMq(use);
    }

    /** Starts receiving. */
    void subscribe() throws Exception;

    /** Sends message number {@code number}; may block while the broker is away. */
    void send(int number) throws Exception;

    @Override
    void close();

    /** Messages of one key stay in order. */
    static String key(int number) {
        return "customer-" + number % 50;
    }

    /** AnyMQ reconnects by itself; a key whose send failed continues without that message. */
    final class AnyMq implements Client {
        private final Use use;
        private final Producer<String> producer;
        private @Nullable Consumer consumer;

        AnyMq(Use use) {
            this.use = use;
            producer = use.demo.producer(use.queue);
        }

        @Override
        public void subscribe() {
            consumer = use.demo.consume(
                    use.queue, builder -> builder, delivery -> use.handled.accept(Integer.parseInt(delivery.body())));
        }

        @Override
        public void send(int number) {
            String key = key(number);
            var unused = use.demo
                    .send(producer, Message.of(String.valueOf(number)).withKey(key))
                    .whenComplete((receipt, failure) -> {
                        if (failure == null) {
                            use.confirmed.accept(number);
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
