package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.VirtualTime;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.OutboundMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine as a whole, on a broker whose answers the test decides about. */
@Timeout(20)
class ConsumerBehaviourTest {
    private static final Queue ORDERS = Queue.of("orders");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualBroker broker = new ManualBroker();
    private final ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
    private MessagingClient client;

    private MessagingClient open(Interceptor... interceptors) {
        MessagingClient.Builder builder =
                MessagingClient.builder().adapter(broker).url("manual:");
        for (Interceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
        }
        client = builder.open();
        return client;
    }

    @AfterEach
    void nothingIsLeft() {
        if (client != null) {
            client.close();
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("anymq-") && thread.isAlive()));
        assertThat(broker.openSenders).hasValue(0);
    }

    private void send(String id, @Nullable String key) {
        Message<String> message = Message.of(id).withId(id);
        try (Producer<String> producer = client.producer(ORDERS, String.class)) {
            producer.send(key == null ? message : message.withKey(key)).join();
        }
    }

    @Test
    void stopLeavesTheMessageAndWhatIsBehindIt() {
        open();
        for (int i = 1; i <= 5; i++) {
            send("m" + i, "k");
        }
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.stop())
                .start(delivery -> {
                    handled.add(delivery.id());
                    throw new IllegalStateException("always");
                });
        await().atMost(SOON)
                .until(() ->
                        consumer.inFlight() == 0 && broker.ids("queue orders").size() == 5);
        consumer.close();
        assertThat(handled).containsOnly("m1");
        assertThat(broker.ids("queue orders")).containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void anAttemptThatComesTooLateIsNotMade() {
        VirtualTime time = new VirtualTime();
        client = MessagingClient.builder()
                .adapter(broker)
                .url("manual:")
                .timeSource(time)
                .open();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(10, Duration.ofMillis(100)).toBuilder()
                        .maxElapsed(Duration.ofMillis(150))
                        .build())
                .start(delivery -> {
                    handled.add(delivery.id());
                    throw new IllegalStateException("always");
                });
        send("m1", "k");
        // planned within the limit, and then the clock jumps
        await().atMost(SOON).until(() -> {
            time.jump(Duration.ofSeconds(1));
            return !broker.ids("queue orders-dead").isEmpty();
        });
        assertThat(handled).containsExactly("m1");
        assertThat(broker.at("queue orders-dead").get(0).headers()).containsEntry("mq-dead-reason", "EXPIRED");
    }

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

    @Test
    void anErrorOfTheAdapterEndsTheStartInPlaceOfHangingIt() {
        open();
        broker.onOpenReceiver = address -> {
            throw new NoClassDefFoundError("a vendor's class");
        };
        assertThatThrownBy(() -> client.consumer(ORDERS, String.class).start(delivery -> {}))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("a vendor's class");
    }

    @Test
    void aHandlerOfALostMessageDeadLettersNothingWhenTheConsumerCloses() throws Exception {
        open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class)
                .concurrency(1)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    running.countDown();
                    never.await();
                });
        send("m1", "k");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        broker.failReceive("queue orders", ManualBroker.down());
        await().atMost(SOON).until(() -> broker.receivers.get() == 2);
        consumer.close(Duration.ZERO);
        assertThat(broker.ids("queue orders-dead")).isEmpty();
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }

    @Test
    void closeInterruptsWithoutSpendingTheLastAttempt() throws Exception {
        open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    running.countDown();
                    never.await();
                });
        send("m1", "k");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        consumer.close(Duration.ZERO);
        assertThat(broker.ids("queue orders-dead")).isEmpty();
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }

    @Test
    void anInterruptedCloseDoesNotSpendTheLastAttemptEither() throws Exception {
        open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    running.countDown();
                    never.await();
                });
        send("m1", "k");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            consumer.close(Duration.ofMillis(200));
        });
        closer.start();
        closer.join(15_000);
        assertThat(broker.ids("queue orders-dead")).isEmpty();
        assertThat(broker.ids("queue orders")).containsExactly("m1");
    }

    @Test
    void unparkingIsNotUndoneByAMessageThatWasOnItsWayToTheDeadLetter() {
        open();
        CopyOnWriteArrayList<OutboundMessage> withheld = new CopyOnWriteArrayList<>();
        broker.onSend = (address, message) -> {
            if (address.endsWith("-dead") && message.id().equals("m2")) {
                withheld.add(message);
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.parkKey())
                .start(delivery -> {
                    handled.add(delivery.id());
                    if (delivery.id().equals("m1")) {
                        throw new IllegalStateException("bad");
                    }
                });
        send("m1", "k");
        await().atMost(SOON).until(() -> consumer.parkedKeys().contains("k"));
        send("m2", "k");
        await().atMost(SOON).until(() -> !withheld.isEmpty());
        consumer.resumeKey("k");
        broker.storeAndConfirm("queue orders-dead", withheld.get(0));
        send("m3", "k");
        await().atMost(SOON).until(() -> handled.contains("m3"));
        assertThat(consumer.parkedKeys()).isEmpty();
        assertThat(broker.ids("queue orders-dead")).containsExactly("m1", "m2");
    }

    @Test
    void interceptorsSeeTheEndOfEveryAttemptTheySawBeginAlsoInAFailedBatch() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        open(new Interceptor() {
            @Override
            public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
                begun.addAndGet(context.deliveries().size());
                try {
                    return next.handle();
                } finally {
                    ended.addAndGet(context.deliveries().size());
                }
            }
        });
        for (int i = 1; i <= 4; i++) {
            send("m" + i, "k");
        }
        client.consumer(ORDERS, String.class).concurrency(1).startBatch(10, deliveries -> {
            if (deliveries.size() > 1) {
                throw new IllegalStateException("not together");
            }
            handled.add(deliveries.get(0).id());
        });
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
        assertThat(handled).containsExactly("m1", "m2", "m3", "m4");
        assertThat(begun.get()).isGreaterThan(4);
        assertThat(ended).hasValue(begun.get());
    }

    @Test
    void anInterceptorMayChangeTheId() {
        open(new Interceptor() {
            @Override
            public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                next.send(message.withId("changed"));
            }
        });
        send("m1", null);
        assertThat(broker.ids("queue orders")).containsExactly("changed");
    }

    @Test
    void anInterruptionLeftBehindDoesNotReachTheNextMessage() {
        open();
        AtomicInteger interrupted = new AtomicInteger();
        client.consumer(ORDERS, String.class).concurrency(1).start(delivery -> {
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            handled.add(delivery.id());
            Thread.currentThread().interrupt();
        });
        for (int i = 1; i <= 20; i++) {
            send("m" + i, "k");
        }
        await().atMost(SOON).until(() -> handled.size() == 20);
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void anUnboundedMaxElapsedIsNoDefect() {
        open();
        AtomicInteger attempts = new AtomicInteger();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(1)).toBuilder()
                        .maxElapsed(Duration.ofSeconds(Long.MAX_VALUE))
                        .build())
                .drainTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .start(delivery -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                });
        send("m1", null);
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
        assertThat(attempts).hasValue(3);
    }

    @Test
    void retriesCountForTheRateLimit() {
        open();
        ConcurrentLinkedQueue<Long> starts = new ConcurrentLinkedQueue<>();
        client.consumer(ORDERS, String.class)
                .flow(FlowControl.ofMaxPerSecond(20))
                .retry(RetryPolicy.fixed(4, Duration.ZERO))
                .start(delivery -> {
                    starts.add(System.nanoTime());
                    throw new IllegalStateException("always");
                });
        for (int i = 0; i < 4; i++) {
            send("m" + i, "k" + i);
        }
        await().atMost(SOON).until(() -> broker.ids("queue orders-dead").size() == 4);
        List<Long> times = List.copyOf(starts);
        assertThat(times).hasSize(16);
        // 16 starts at 20 a second, of which a tenth of a second's worth may be caught up
        assertThat(times.get(15) - times.get(0)).isGreaterThan(550_000_000L);
    }

    @Test
    void aTypeThatNobodyCanWriteLeavesNothingOpen() {
        open();
        assertThatThrownBy(() -> client.producer(ORDERS, Thread.class))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENCODING));
        assertThat(broker.openSenders).hasValue(0);
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

    /** By their names, threads of a consumer of orders-7 pass for threads of the seventh consumer, if that is of orders. */
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
    void aStoreThatThrowsACheckedExceptionIsAskedAgain() {
        open();
        FailingStore failing = new FailingStore();
        send("m1", "k");
        Consumer consumer = client.consumer(ORDERS, String.class)
                .idempotency(IdempotencyPolicy.with(failing))
                .start(delivery -> handled.add(delivery.id()));
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty() && consumer.inFlight() == 0);
        assertThat(handled).containsExactly("m1");
        assertThat(failing.claims).hasValue(2);
        assertThat(failing.completions).hasValue(2);
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    /** Fails the first time with an exception that it does not declare. */
    private static final class FailingStore implements IdempotencyStore {
        private final IdempotencyStore store = new InMemoryIdempotencyStore();
        private final AtomicInteger claims = new AtomicInteger();
        private final AtomicInteger completions = new AtomicInteger();

        private static void failFirst(AtomicInteger calls) {
            if (calls.incrementAndGet() == 1) {
                throw Sneaky.thrown(new IOException("on purpose"));
            }
        }

        @Override
        public Claim claim(String scope, String key, long fingerprint, Duration lease) {
            failFirst(claims);
            return store.claim(scope, key, fingerprint, lease);
        }

        @Override
        public boolean prolong(String scope, String key, long token, Duration lease) {
            return store.prolong(scope, key, token, lease);
        }

        @Override
        public boolean complete(String scope, String key, long token, Duration retention) {
            failFirst(completions);
            return store.complete(scope, key, token, retention);
        }

        @Override
        public boolean bury(String scope, String key, long token, Duration retention) {
            return store.bury(scope, key, token, retention);
        }

        @Override
        public boolean release(String scope, String key, long token) {
            return store.release(scope, key, token);
        }

        @Override
        public void forget(String scope, String key) {
            store.forget(scope, key);
        }
    }
}
