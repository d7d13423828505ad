package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Closes of consumers and clients while handlers run, and from within them. */
class ConsumerCloseTest extends OnManualBrokerInRealTime {
    @Test
    void aSecondCloseWaitsForTheFirst() throws Exception {
        open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Consumer consumer = client.consumer(ORDERS, String.class).start(delivery -> {
            running.countDown();
            mayEnd.await();
            ended.set(true);
        });
        send("m1", null);
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> first = CompletableFuture.runAsync(consumer::close);
        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(frame -> frame.getMethodName().equals("finish")));
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
            client.close();
            return ended.get();
        });
        assertThat(broker.closed)
                .as("the connection stays while a handler runs")
                .isFalse();
        mayEnd.countDown();
        assertThat(second.get(10, TimeUnit.SECONDS))
                .as("the handler ended before close returned")
                .isTrue();
        first.get(10, TimeUnit.SECONDS);
        assertThat(broker.ids("queue orders"))
                .as("settled before the connection went")
                .isEmpty();
    }

    /** Its handler has m1 until it is interrupted. */
    private Consumer stuckInItsLastAttempt(int concurrency) throws Exception {
        open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class)
                .concurrency(concurrency)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    running.countDown();
                    never.await();
                });
        send("m1", "k");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        return consumer;
    }

    private void assertThatItWillBeTriedAgain() {
        assertThat(broker.ids("queue orders-dead")).isEmpty();
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }

    @Test
    void aHandlerOfALostMessageDeadLettersNothingWhenTheConsumerCloses() throws Exception {
        Consumer consumer = stuckInItsLastAttempt(1);
        broker.failReceive("queue orders", ManualBroker.down());
        await().atMost(SOON).until(() -> broker.receivers.get() == 2);
        consumer.close(Duration.ZERO);
        assertThatItWillBeTriedAgain();
    }

    @Test
    void closeInterruptsWithoutSpendingTheLastAttempt() throws Exception {
        Consumer consumer = stuckInItsLastAttempt(8);
        consumer.close(Duration.ZERO);
        assertThatItWillBeTriedAgain();
    }

    @Test
    void anInterruptedCloseDoesNotSpendTheLastAttemptEither() throws Exception {
        Consumer consumer = stuckInItsLastAttempt(8);
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            consumer.close(Duration.ofMillis(200));
        });
        closer.start();
        closer.join(15_000);
        assertThatItWillBeTriedAgain();
    }

    /** By their names, the threads of a consumer of orders-7 look like those of the seventh consumer of orders. */
    @Test
    void aHandlerIsNotTakenForOneOfAConsumerWithASimilarName() throws Exception {
        open();
        Consumer first = client.consumer(ORDERS, String.class).start(delivery -> {});
        String name = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("anymq-receive-orders-"))
                .findAny()
                .orElseThrow()
                .substring("anymq-receive-".length());
        Queue similar = Queue.of(name);
        CompletableFuture<Health.Status> afterClose = new CompletableFuture<>();
        client.consumer(similar, String.class).start(delivery -> {
            first.close();
            afterClose.complete(first.health().status());
        });
        try (Producer<String> producer = client.producer(similar, String.class)) {
            producer.send("close it").join();
        }
        assertThat(afterClose.get(10, TimeUnit.SECONDS))
                .as("close returns when the consumer is closed, except to its own handlers")
                .isEqualTo(Health.Status.DOWN);
    }

    @Test
    void aHandlerOnAForeignExecutorMayCloseItsOwnConsumer() throws Exception {
        open();
        CompletableFuture<Consumer> self = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        send("m1", "k");
        ExecutorService foreign = Executors.newSingleThreadExecutor();
        try {
            self.complete(client.consumer(ORDERS, String.class)
                    .drainTimeout(Duration.ofSeconds(15))
                    .executor(foreign)
                    .start(delivery -> {
                        self.join().close();
                        closed.countDown();
                    }));
            assertThat(closed.await(10, TimeUnit.SECONDS))
                    .as("it does not wait for itself")
                    .isTrue();
            await().atMost(SOON).until(() -> self.join().health().status() == Health.Status.DOWN);
        } finally {
            foreign.shutdownNow();
        }
    }

    @Test
    void aRedriveEndsWithItsClient() {
        open();
        CompletableFuture<?> report = client.redrive(
                Queue.of("orders-dead"),
                RedriveOptions.builder()
                        .maxMessages(10)
                        .maxRedrives(3)
                        .idle(Duration.ofDays(1))
                        .build());
        client.close();
        assertThat(report).as("nothing goes on after close").succeedsWithin(SOON);
    }
}
