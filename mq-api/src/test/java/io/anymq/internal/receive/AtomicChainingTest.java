package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.internal.receive.policy.OutputIds;
import io.anymq.internal.support.ManualBroker;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Chain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outputs and settlement in one transaction of the broker. */
@Timeout(20)
class AtomicChainingTest {
    private static final Queue IN = Queue.of("in");
    private static final Queue OUT = Queue.of("out");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualBroker broker = new ManualBroker();
    private final CopyOnWriteArrayList<Integer> attempts = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Chain> chains = new CopyOnWriteArrayList<>();
    private MessagingClient client;

    @AfterEach
    void close() {
        client.close();
        assertThat(broker.openSenders).hasValue(0);
    }

    private ConsumerBuilder<String> open() {
        client = MessagingClient.builder().adapter(broker).url("manual:").open();
        try (Producer<String> producer = client.producer(IN, String.class)) {
            producer.send(Message.of("hello").withId("m1").withKey("k")).join();
        }
        return client.consumer(IN, String.class).retry(RetryPolicy.fixed(3, Duration.ofMillis(1)));
    }

    private Consumer start(ConsumerBuilder<String> builder) {
        return builder.start(delivery -> {
            attempts.add(delivery.attempt());
            delivery.publish(OUT, Message.of("one").withKey("k"));
            delivery.publish(OUT, Message.of("two").withKey("k"));
        });
    }

    private void awaitSettled(Consumer consumer) {
        await().atMost(SOON).until(() -> broker.ids("queue in").isEmpty() && consumer.inFlight() == 0);
    }

    @Test
    void theBrokerGetsTheInputTogetherWithItsOutputs() {
        broker.onCommit = chain -> {
            chains.add(chain);
            broker.commit(chain);
        };
        awaitSettled(start(open()));
        assertThat(chains).hasSize(1);
        assertThat(chains.get(0).input().id()).isEqualTo("m1");
        assertThat(broker.ids("queue out")).containsExactly(output("m1", 1), output("m1", 2));
    }

    @Test
    void aTransactionThatFailsIsAFailedAttempt() {
        broker.onCommit = chain -> {
            chains.add(chain);
            if (chains.size() < 3) {
                chain.failed(ManualBroker.down());
            } else {
                broker.commit(chain);
            }
        };
        awaitSettled(start(open()));
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(broker.ids("queue out")).containsExactly(output("m1", 1), output("m1", 2));
        assertThat(broker.ids("queue in-dead")).isEmpty();
    }

    @Test
    void aConnectionLostInTheTransactionLeavesTheInputToTheNextReceiver() {
        AtomicInteger commits = new AtomicInteger();
        broker.onCommit = chain -> {
            if (commits.incrementAndGet() == 1) {
                throw ManualBroker.down();
            }
            broker.commit(chain);
        };
        awaitSettled(start(open()));
        assertThat(commits).hasValue(2);
        assertThat(broker.receivers).hasValueGreaterThan(1);
        assertThat(broker.ids("queue out")).containsExactly(output("m1", 1), output("m1", 2));
    }

    @Test
    void anIdempotencyStoreIsToldBetweenOutputsAndSettlement() {
        broker.onCommit = chains::add;
        awaitSettled(start(open().idempotency(IdempotencyPolicy.with(new InMemoryIdempotencyStore()))));
        assertThat(chains).isEmpty();
        assertThat(broker.ids("queue out")).containsExactly(output("m1", 1), output("m1", 2));
    }

    @Test
    void aHandlerWithoutOutputsNeedsNoTransaction() {
        broker.onCommit = chains::add;
        Consumer consumer = open().start(delivery -> attempts.add(delivery.attempt()));
        awaitSettled(consumer);
        assertThat(attempts).isEqualTo(List.of(1));
        assertThat(chains).isEmpty();
    }

    /** One worker: when it has begun the third message, the second one's outputs wait for their transaction. */
    @Test
    void whatComesWhileATransactionIsUnderWayGetsItsOwn() {
        CountDownLatch firstCommitting = new CountDownLatch(1);
        CountDownLatch thirdBegun = new CountDownLatch(1);
        CountDownLatch secondCommitted = new CountDownLatch(1);
        broker.onCommit = chain -> {
            if (chain.input().id().equals("m1")) {
                firstCommitting.countDown();
                awaitLatch(thirdBegun);
            } else if (chain.input().id().equals("m2")) {
                secondCommitted.countDown();
            }
            broker.commit(chain);
        };
        ConsumerBuilder<String> builder = open();
        try (Producer<String> producer = client.producer(IN, String.class)) {
            producer.send(Message.of("hello").withId("m2").withKey("l")).join();
            producer.send(Message.of("hello").withId("m3").withKey("m")).join();
        }
        Consumer consumer = builder.concurrency(1).start(delivery -> {
            if (delivery.id().equals("m3")) {
                attempts.add(delivery.attempt());
                thirdBegun.countDown();
                awaitLatch(secondCommitted);
            } else {
                if (delivery.id().equals("m2")) {
                    awaitLatch(firstCommitting);
                }
                delivery.publish(OUT, Message.of("out").withKey("k"));
            }
        });
        awaitSettled(consumer);
        assertThat(attempts).as("the third one waited for the second").containsExactly(1);
        assertThat(broker.ids("queue out")).containsExactly(output("m1", 1), output("m2", 1));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String output(String input, int number) {
        return OutputIds.of(IN, input, number);
    }
}
