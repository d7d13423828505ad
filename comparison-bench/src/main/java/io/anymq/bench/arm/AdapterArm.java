package io.anymq.bench.arm;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.policy.FlowControl;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any broker through AnyMQ: a queue with per-key order and the default policies. */
public final class AdapterArm implements Arm {
    private @Nullable ArmContext context;
    private @Nullable MessagingClient client;
    private @Nullable Producer<byte[]> producer;
    private @Nullable Consumer consumer;

    @Override
    public void open(ArmContext context) {
        this.context = context;
        MessagingClient.Builder builder = MessagingClient.builder().url(context.url());
        context.anymq().forEach(builder::set);
        MessagingClient opened = builder.open();
        client = opened;
        Queue queue = Queue.of(context.destination());
        ProducerOptions options =
                opened.producerOptions().withMaxInFlight(context.maxInFlight()).withMaxBlock(Duration.ofSeconds(30));
        producer = opened.producer(queue, byte[].class, options);
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        consumer = Objects.requireNonNull(client)
                .consumer(Queue.of(opened.destination()), byte[].class)
                .concurrency(opened.handlers())
                .flow(FlowControl.DEFAULT.withMaxInFlight(opened.maxInFlight()))
                .drainTimeout(Duration.ofSeconds(10))
                .start(delivery -> handler.handle(delivery.body()));
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) {
        var unused = Objects.requireNonNull(producer, "open comes first")
                .send(Message.of(payload).withKey(key))
                .whenComplete((receipt, failure) -> completion.ended(failure));
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
        if (producer != null) {
            producer.close();
        }
        if (client != null) {
            client.close();
        }
    }
}
