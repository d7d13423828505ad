package io.anymq.bench.arm;

import io.anymq.ConsumerBuilder;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
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

    @Override
    public void open(ArmContext opened) {
        context = opened;
        MessagingClient connected = opened.connect(MessagingClient.builder());
        client = connected;
        producer = connected.producer(
                queue(opened),
                byte[].class,
                connected.producerOptions().toBuilder()
                        .maxInFlight(opened.maxInFlight())
                        .maxBlock(Duration.ofSeconds(30))
                        .build());
    }

    private static Queue queue(ArmContext context) {
        Queue queue = Queue.of(context.destination());
        return context.policy() == Policy.UNORDERED ? queue.unordered() : queue;
    }

    private ConsumerBuilder<byte[]> consumer(Queue queue) {
        return Objects.requireNonNull(client, "open comes first")
                .consumer(queue, byte[].class)
                .drainTimeout(DRAIN);
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        ConsumerBuilder<byte[]> builder = consumer(queue(opened))
                .concurrency(opened.handlers())
                .flow(FlowControl.ofMaxInFlight(opened.maxInFlight()));
        if (opened.policy() == Policy.IDEMPOTENT) {
            builder = builder.idempotency(IdempotencyPolicy.builder(new InMemoryIdempotencyStore())
                    .retention(REMEMBERED)
                    .build());
        }
        if (opened.policy() == Policy.DEAD_LETTER) {
            Queue dead = Queue.of(opened.destination() + "-dead");
            var unused = consumer(dead).concurrency(1).start(delivery -> handler.buried(delivery.body()));
            builder = builder.retry(RetryPolicy.fixed(Policy.ATTEMPTS, Policy.DELAY))
                    .deadLetter(DeadLetterPolicy.to(dead.name()));
        }
        var unused = builder.start(delivery -> handler.handle(delivery.body()));
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) {
        var unused = Objects.requireNonNull(producer, "open comes first")
                .send(Message.of(payload).withKey(key))
                .whenComplete((receipt, failure) -> completion.ended(failure));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
