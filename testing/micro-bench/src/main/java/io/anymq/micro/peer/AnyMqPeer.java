package io.anymq.micro.peer;

import io.anymq.ConsumerBuilder;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** AnyMQ's in-memory broker through the public API, with its defaults. */
final class AnyMqPeer implements Peer {
    /** Short, and with room for all messages of that time, because a full store refuses more. */
    private static final Duration RETENTION = Duration.ofSeconds(1);

    private static final int ENTRIES = 2_000_000;

    private final Queue queue;
    private final boolean idempotent;
    private final UnaryOperator<MessagingClient.Builder> surroundings;
    private @Nullable MessagingClient client;
    private @Nullable Producer<byte[]> producer;
    private io.anymq.@Nullable Consumer consumer;

    AnyMqPeer(Queue queue, boolean idempotent) {
        this(queue, idempotent, UnaryOperator.identity());
    }

    /** {@code surroundings}: what is added to the client. */
    AnyMqPeer(Queue queue, boolean idempotent, UnaryOperator<MessagingClient.Builder> surroundings) {
        this.queue = queue;
        this.idempotent = idempotent;
        this.surroundings = surroundings;
    }

    @Override
    public void open(Consumer<byte[]> handler) {
        MessagingClient opened =
                surroundings.apply(MessagingClient.builder().url("inmemory:")).open();
        client = opened;
        ConsumerBuilder<byte[]> builder = opened.consumer(queue, byte[].class);
        if (idempotent) {
            builder.idempotency(IdempotencyPolicy.builder(new InMemoryIdempotencyStore(ENTRIES, System::nanoTime))
                    .retention(RETENTION)
                    .build());
        }
        consumer = builder.start(delivery -> handler.accept(delivery.body()));
        producer = opened.producer(queue, byte[].class);
    }

    @Override
    public CompletableFuture<Receipt> send(String key, byte[] body) {
        return Objects.requireNonNull(producer, "call open first")
                .send(Message.of(body).withKey(key));
    }

    @Override
    public void close() {
        MessagingClient opened = client;
        if (opened == null) {
            return;
        }
        InMemoryBroker broker = opened.unwrap(InMemoryBroker.class).orElseThrow();
        Objects.requireNonNull(consumer).close();
        long left = broker.metrics().stream()
                .mapToLong(metrics -> metrics.accepted() - metrics.settled())
                .sum();
        opened.close();
        if (left != 0) {
            throw new IllegalStateException(left + " messages were handled but not settled");
        }
    }
}
