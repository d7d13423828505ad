package io.anymq.opentelemetry;

import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What {@link WithAgentIT} starts under the agent: one message, which a producer of Kafka sends as well, as the adapter
 * would, to a broker that is not there.
 */
final class AgentApplication {
    private AgentApplication() {}

    public static void main(String[] args) throws Exception {
        Map<String, Object> nowhere = Map.of("bootstrap.servers", "localhost:1", "max.block.ms", 200);
        CountDownLatch handled = new CountDownLatch(1);
        Queue orders = Queue.of("orders");
        try (KafkaProducer<String, String> kafka =
                        new KafkaProducer<>(nowhere, new StringSerializer(), new StringSerializer());
                MessagingClient client = AnymqTelemetry.create(GlobalOpenTelemetry.get())
                        .addTo(MessagingClient.builder().url("inmemory:"))
                        .interceptor(new Interceptor() {
                            @Override
                            public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                                Future<RecordMetadata> lost = kafka.send(new ProducerRecord<>("orders", "books"));
                                if (!lost.isDone()) {
                                    throw new IllegalStateException("a broker is where none should be");
                                }
                                next.send(message);
                            }
                        })
                        .open()) {
            client.consumer(orders, String.class).start(delivery -> handled.countDown());
            client.producer(orders, String.class).send("books").join();
            if (!handled.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the message was not handled");
            }
            client.unwrap(InMemoryBroker.class).orElseThrow().awaitIdle(Duration.ofSeconds(20));
        }
    }
}
