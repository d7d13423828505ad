package io.anymq.bench.arm;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any broker through AnyMQ: a queue with per-key order and the default policies, unless a {@link Policy} says otherwise. */
public final class AdapterArm implements Arm {
    /** As many as a million in memory: what the embedded broker handles within a day has no room there. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private @Nullable ArmContext context;
    private @Nullable MessagingClient client;
    private @Nullable Producer<byte[]> producer;
    private @Nullable Consumer consumer;
    private @Nullable Consumer graveyard;

    @Override
    public void open(ArmContext context) {
        this.context = context;
        MessagingClient.Builder builder = MessagingClient.builder().url(context.url());
        context.anymq().forEach(builder::set);
        MessagingClient opened = builder.open();
        client = opened;
        Queue queue = queue(context);
        ProducerOptions options = opened.producerOptions().toBuilder()
                .maxInFlight(context.maxInFlight())
                .maxBlock(Duration.ofSeconds(30))
                .build();
        producer = opened.producer(queue, byte[].class, options);
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        MessagingClient connected = Objects.requireNonNull(client);
        ConsumerBuilder<byte[]> builder = connected
                .consumer(queue(opened), byte[].class)
                .concurrency(opened.handlers())
                .flow(FlowControl.ofMaxInFlight(opened.maxInFlight()))
                .drainTimeout(DRAIN);
        if (opened.policy() == Policy.IDEMPOTENT) {
            builder = builder.idempotency(IdempotencyPolicy.builder(new InMemoryIdempotencyStore())
                    .retention(REMEMBERED)
                    .build());
        }
        if (opened.policy() == Policy.DEAD_LETTER) {
            Queue dead = Queue.of(opened.destination() + "-dead");
            graveyard = connected
                    .consumer(dead, byte[].class)
                    .concurrency(1)
                    .drainTimeout(DRAIN)
                    .start(delivery -> handler.buried(delivery.body()));
            builder = builder.retry(RetryPolicy.fixed(Policy.ATTEMPTS, Policy.DELAY))
                    .deadLetter(DeadLetterPolicy.to(dead.name()));
        }
        consumer = builder.start(delivery -> handler.handle(delivery.body()));
    }

    private static Queue queue(ArmContext context) {
        Queue queue = Queue.of(context.destination());
        return context.policy() == Policy.UNORDERED ? queue.unordered() : queue;
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
        if (graveyard != null) {
            graveyard.close();
        }
        if (producer != null) {
            producer.close();
        }
        if (client != null) {
            client.close();
        }
    }
}
