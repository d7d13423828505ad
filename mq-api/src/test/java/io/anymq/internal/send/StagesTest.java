package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.VirtualTime;
import io.anymq.internal.support.CapturedLog;
import io.anymq.internal.support.ClientThreads;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.RetryingConsumer;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stages of the futures that are handed out: they lock and block, and nothing but themselves stops. */
@Timeout(60)
class StagesTest {
    private static final Queue ORDERS = Queue.of("orders").unordered();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ManualBroker broker = new ManualBroker();
    /** Sends without an outcome. */
    private final LinkedBlockingQueue<OutboundMessage> taken = new LinkedBlockingQueue<>();

    private final CountDownLatch release = new CountDownLatch(1);
    private @Nullable MessagingClient open;

    private MessagingClient client(MessagingObserver... observers) {
        MessagingClient.Builder builder =
                MessagingClient.builder().adapter(broker).url("manual:");
        for (MessagingObserver observer : observers) {
            builder.observer(observer);
        }
        MessagingClient opened = builder.open();
        open = opened;
        return opened;
    }

    private Producer<String> producer(MessagingClient client) {
        return client.producer(ORDERS, String.class);
    }

    private void keepSends() {
        broker.onSend = (address, message) -> taken.add(message);
    }

    private void confirmNext() {
        try {
            OutboundMessage next = taken.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).as("a send without an outcome").isNotNull();
            next.confirmed(null);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitRelease() {
        try {
            assertThat(release.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        release.countDown();
        if (open != null) {
            open.close();
        }
        ClientThreads.awaitNone(SOON);
    }

    /** The ways to depend on a send. */
    enum Dependent {
        THEN(send -> send),
        ALL_OF(CompletableFuture::allOf),
        ANY_OF(CompletableFuture::anyOf),
        COPY(CompletableFuture::copy);

        @SuppressWarnings("ImmutableEnumChecker") // it has no state
        final Function<CompletableFuture<Receipt>, CompletableFuture<?>> how;

        Dependent(Function<CompletableFuture<Receipt>, CompletableFuture<?>> how) {
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource(Dependent.class)
    void aLockOfTheAdapterAndOneOfTheApplicationAreNoDeadlock(Dependent dependent) throws Exception {
        keepSends();
        Object application = new Object();
        Object adapter = new Object();
        Producer<String> producer = producer(client());
        CompletableFuture<Void> confirmed;
        CompletableFuture<?> stage;
        synchronized (application) {
            stage = dependent.how.apply(producer.send("m1")).thenRun(() -> {
                synchronized (application) {
                    release.countDown();
                }
            });
            confirmed = CompletableFuture.runAsync(() -> {
                synchronized (adapter) {
                    confirmNext();
                }
            });
            // it needs the adapter's lock and has the application's
            confirmed.get(SOON.toSeconds(), TimeUnit.SECONDS);
            synchronized (adapter) {
                assertThat(stage).isNotDone();
            }
        }
        stage.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void noStageRunsOnTheThreadThatConfirmsWheneverItIsAdded() throws Exception {
        keepSends();
        Producer<String> producer = producer(client());
        Set<String> on = ConcurrentHashMap.newKeySet();
        int many = 20_000;
        CountDownLatch ran = new CountDownLatch(many);
        Thread confirming = new Thread(
                () -> {
                    for (int i = 0; i < many; i++) {
                        confirmNext();
                    }
                },
                "confirming");
        confirming.start();
        for (int i = 0; i < many; i++) {
            // the confirm comes before, while or after the stage is added
            CompletableFuture<?> noted = producer.send("m").thenRun(() -> {
                on.add(Thread.currentThread().getName().replaceAll("[0-9]+$", ""));
                ran.countDown();
            });
            assertThat(noted).isNotCancelled();
        }
        assertThat(ran.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        confirming.join();
        assertThat(on).doesNotContain("confirming");
    }

    @Test
    void aBlockingStageDelaysNoOtherProducerAndNoTimer() throws Exception {
        keepSends();
        MessagingClient client = client();
        Producer<String> blocked = producer(client);
        CountDownLatch blocking = new CountDownLatch(1);
        CompletableFuture<Void> stage = blocked.send("m1").thenRun(() -> {
            blocking.countDown();
            awaitRelease();
        });
        CompletableFuture.runAsync(this::confirmNext).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(blocking.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> other = producer(client).send("m2").thenRun(() -> {});
        confirmNext();
        other.get(SOON.toSeconds(), TimeUnit.SECONDS);

        RetryingConsumer.mustSucceed(client, broker, SOON);
        assertThat(stage).isNotDone();
    }

    @Test
    void aStageMayWaitForALaterStageOfItsProducerAndTheLogSaysThatItShouldNot() {
        keepSends();
        Producer<String> producer = producer(client());
        String log = CapturedLog.of(() -> {
            CompletableFuture<Receipt> first = producer.send("first");
            CompletableFuture<Receipt> second = producer.send("second");
            // its turn comes after the stage that waits for it
            CompletableFuture<Receipt> later = second.thenApply(receipt -> receipt);
            CompletableFuture<Receipt> answer = first.thenApply(receipt -> later.join());
            confirmNext();
            confirmNext();
            assertThat(answer).succeedsWithin(SOON);
        });
        assertThat(log)
                .contains("A stage of a future of the producer for " + ORDERS + " has blocked thread anymq-callback-")
                .containsOnlyOnce("Async methods");
    }

    @Test
    void aStageMayWaitForAnotherSendOfItsProducerAtOnce() {
        MessagingClient client = MessagingClient.builder()
                .adapter(broker)
                .url("manual:")
                // no time passes, so that only the wait itself can let others go first
                .timeSource(new VirtualTime())
                .open();
        open = client;
        keepSends();
        Producer<String> producer = producer(client);
        CompletableFuture<Receipt> second = producer.send("m1")
                .thenApply(receipt ->
                        producer.send("m2").orTimeout(1, TimeUnit.MINUTES).join());
        confirmNext();
        confirmNext();
        assertThat(second).succeedsWithin(SOON);
    }

    @Test
    void stagesOfAProducerKeepTheOrderOfTheirSends() throws Exception {
        keepSends();
        Producer<String> producer = producer(client());
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Integer> expected = new ArrayList<>();
        List<CompletableFuture<Void>> stages = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int number = i;
            expected.add(number);
            stages.add(producer.send("m").thenRun(() -> order.add(number)));
        }
        for (int i = 0; i < 500; i++) {
            confirmNext();
        }
        CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new)).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(order).isEqualTo(expected);
    }

    @Test
    void sendsWhoseStagesWaitFillTheWindow() throws Exception {
        keepSends();
        MessagingClient client = MessagingClient.builder()
                .adapter(broker)
                .url("manual:")
                .timeSource(new VirtualTime())
                .open();
        open = client;
        Producer<String> producer = client.producer(
                ORDERS,
                String.class,
                ProducerOptions.builder().maxInFlight(2).maxBlock(Duration.ZERO).build());
        CountDownLatch blocking = new CountDownLatch(1);
        CompletableFuture<Void> running = producer.send("m1").thenRun(() -> {
            blocking.countDown();
            awaitRelease();
        });
        confirmNext();
        assertThat(blocking.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> second = producer.send("m2").thenRun(() -> {});
        CompletableFuture<Void> third = producer.send("m3").thenRun(() -> {});
        confirmNext();
        confirmNext();
        assertThat(producer.send("m4"))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .satisfies(
                        e -> assertThat(((SendException) e.getCause()).code()).isEqualTo(ErrorCode.FULL));
        release.countDown();
        CompletableFuture.allOf(running, second, third).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(producer.inFlight()).isZero();
    }

    @Test
    void anObserverOfATimedOutSendMayBlockWithoutStoppingTimers() throws Exception {
        keepSends();
        CountDownLatch told = new CountDownLatch(1);
        MessagingClient client = client(new MessagingObserver() {
            @Override
            public void sendEnded(MessagingEvent.SendEnded event) {
                told.countDown();
                awaitRelease();
            }
        });
        Producer<String> producer = client.producer(
                ORDERS,
                String.class,
                ProducerOptions.builder().sendTimeout(Duration.ofMillis(100)).build());
        CompletableFuture<Receipt> late = producer.send("m1");
        assertThat(told.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        RetryingConsumer.mustSucceed(client, broker, SOON);
        release.countDown();
        assertThat(late).failsWithin(SOON);
    }

    @Test
    void aStageOfAnInterceptorBlocksNeitherTheReceiverNorTheSender() throws Exception {
        CountDownLatch blocking = new CountDownLatch(1);
        MessagingClient client = MessagingClient.builder()
                .adapter(broker)
                .url("manual:")
                .interceptor(new Interceptor() {
                    @Override
                    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                        next.send(message).thenRun(() -> {
                            blocking.countDown();
                            awaitRelease();
                        });
                    }
                })
                .open();
        open = client;
        broker.put("queue work", "w1", null, Map.of());
        client.consumer(Queue.of("work"), String.class)
                .start(delivery -> delivery.publish(Queue.of("out"), delivery.body()));
        assertThat(blocking.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await().atMost(SOON).until(() -> broker.ids("queue work").isEmpty());
        broker.put("queue work", "w2", null, Map.of());
        await().atMost(SOON).until(() -> broker.ids("queue work").isEmpty());
    }

    @Test
    void aStageMayCloseItsClient() throws Exception {
        keepSends();
        MessagingClient client = client();
        CompletableFuture<Void> closed = producer(client).send("m1").thenRun(client::close);
        CompletableFuture<Void> alsoClosed = client.consumer(ORDERS, String.class)
                .start(delivery -> {})
                .whenClosed()
                .thenRun(client::close);
        confirmNext();
        closed.get(SOON.toSeconds(), TimeUnit.SECONDS);
        client.awaitShutdown();
        alsoClosed.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(broker.closed).isTrue();
    }

    @Test
    void aThreadThatWaitsForAnOutcomeNeedsNoOtherThread() throws Exception {
        keepSends();
        Producer<String> producer = producer(client());
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Receipt> send = producer.send("m");
            int number = i;
            Thread waiting = new Thread(() -> {
                try {
                    switch (number) {
                        case 0 -> send.join();
                        case 1 -> send.get();
                        default -> send.get(1, TimeUnit.MINUTES);
                    }
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            waiting.start();
            await().atMost(SOON).until(() -> send.getNumberOfDependents() == 1);
            confirmNext();
            assertThat(send).as("completed by the thread that confirms").isCompleted();
            waiting.join();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("anymq-callback-"));
    }
}
