package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.internal.support.ClientThreads;
import io.anymq.internal.support.ManualBroker;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A close from anywhere: it returns in time, the message being handled is settled, and nothing comes again. */
@Timeout(60)
class CloseAnywhereTest {
    private static final Queue ORDERS = Queue.of("orders").unordered();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final ManualBroker broker = new ManualBroker();
    private final ExecutorService foreign = Executors.newFixedThreadPool(4);
    private final CompletableFuture<Consumer> consumer = new CompletableFuture<>();
    private final CompletableFuture<Duration> closed = new CompletableFuture<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    /** Closes on whatever thread the observer is called. */
    private volatile Runnable onSettled = () -> {};

    private final MessagingClient client = MessagingClient.builder()
            .adapter(broker)
            .url("manual:")
            .set("anymq.consumer.drain-timeout", "2s")
            .observer(new MessagingObserver() {
                @Override
                public void settled(MessagingEvent.Settled event) {
                    onSettled.run();
                }
            })
            .open();

    /** What is closed. */
    enum Kind {
        CONSUMER,
        CONSUMER_WITH_TIME_OUT,
        CLIENT
    }

    /** Where the close is called, or what else is going on. */
    enum Place {
        HANDLER,
        FOREIGN_EXECUTOR,
        BATCH,
        ASYNC_HANDLER,
        ASYNC_STAGE,
        ASYNC_STAGE_OF_FOREIGN_EXECUTOR,
        SEND_STAGE_THAT_THE_HANDLER_AWAITS,
        OBSERVER,
        HANDLER_AND_ANOTHER_THREAD,
        PAUSED_HANDLER,
        HANDLER_WHILE_THE_STORE_IS_AWAY
    }

    static Stream<Arguments> table() {
        List<Arguments> rows = new ArrayList<>();
        for (Place place : Place.values()) {
            for (Kind kind : Kind.values()) {
                rows.add(Arguments.of(place, kind, 1));
                rows.add(Arguments.of(place, kind, 2));
            }
        }
        return rows.stream();
    }

    private void close(Kind kind) {
        long start = System.nanoTime();
        switch (kind) {
            case CONSUMER -> consumer.join().close();
            case CONSUMER_WITH_TIME_OUT -> consumer.join().close(DRAIN);
            case CLIENT -> client.close();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        closed.complete(Duration.ofNanos(System.nanoTime() - start));
    }

    private Consumer start(Place place, Kind kind) {
        ConsumerBuilder<String> builder = client.consumer(ORDERS, String.class).retry(RetryPolicy.never());
        return switch (place) {
            case HANDLER -> builder.start(delivery -> handle(delivery, () -> close(kind)));
            case FOREIGN_EXECUTOR -> builder.executor(foreign).start(delivery -> handle(delivery, () -> close(kind)));
            case BATCH -> builder.startBatch(10, batch -> handle(batch.get(0), () -> close(kind)));
            case ASYNC_HANDLER ->
                builder.startAsync(delivery -> {
                    handle(delivery, () -> close(kind));
                    return CompletableFuture.runAsync(() -> {}, foreign);
                });
            case ASYNC_STAGE ->
                builder.startAsync(delivery ->
                        CompletableFuture.runAsync(() -> handle(delivery, () -> close(kind)), foreign));
            case ASYNC_STAGE_OF_FOREIGN_EXECUTOR ->
                builder.executor(foreign)
                        .startAsync(delivery ->
                                CompletableFuture.runAsync(() -> handle(delivery, () -> close(kind)), foreign));
            case SEND_STAGE_THAT_THE_HANDLER_AWAITS ->
                builder.start(delivery -> {
                    broker.onSend = (address, message) -> foreign.execute(() -> message.confirmed(null));
                    client.producer(Queue.of("elsewhere"), String.class)
                            .send("x")
                            .thenRun(() -> handle(delivery, () -> close(kind)))
                            .join();
                });
            case OBSERVER -> {
                onSettled = () -> close(kind);
                yield builder.start(delivery -> handle(delivery, () -> {}));
            }
            case HANDLER_AND_ANOTHER_THREAD ->
                builder.start(delivery -> {
                    CountDownLatch begun = new CountDownLatch(1);
                    foreign.execute(() -> {
                        begun.countDown();
                        client.close();
                    });
                    begun.await();
                    handle(delivery, () -> close(kind));
                });
            case PAUSED_HANDLER ->
                builder.start(delivery -> handle(delivery, () -> {
                    consumer.join().pause();
                    close(kind);
                }));
            case HANDLER_WHILE_THE_STORE_IS_AWAY ->
                builder.idempotency(IdempotencyPolicy.builder(new StoreThatGoesAway())
                                .build())
                        .start(delivery -> handle(delivery, () -> close(kind)));
        };
    }

    private void handle(Delivery<String> delivery, Runnable what) {
        handled.add(delivery.id() + "#" + delivery.attempt());
        what.run();
    }

    /** Grants every claim and then fails for good. */
    private static final class StoreThatGoesAway implements IdempotencyStore {
        @Override
        public Claim claim(String scope, String key, long fingerprint, Duration lease) {
            return new Claim.Granted(1);
        }

        @Override
        public boolean prolong(String scope, String key, long token, Duration lease) {
            throw new IllegalStateException("away");
        }

        @Override
        public boolean complete(String scope, String key, long token, Duration retention) {
            throw new IllegalStateException("away");
        }

        @Override
        public boolean bury(String scope, String key, long token, Duration retention) {
            throw new IllegalStateException("away");
        }

        @Override
        public boolean release(String scope, String key, long token) {
            throw new IllegalStateException("away");
        }

        @Override
        public void forget(String scope, String key) {
            throw new IllegalStateException("away");
        }
    }

    @AfterEach
    void nothingIsLeft() {
        client.close();
        foreign.shutdownNow();
        ClientThreads.awaitNone(SOON);
        assertThat(broker.openSenders).hasValue(0);
    }

    @ParameterizedTest(name = "{0}, {1}, consumers: {2}")
    @MethodSource("table")
    void itReturnsInTimeAndTheMessageIsSettled(Place place, Kind kind, int consumers) throws Exception {
        if (consumers == 2) {
            client.consumer(Queue.of("other"), String.class).start(delivery -> {});
        }
        Consumer started = start(place, kind);
        consumer.complete(started);
        broker.put("queue orders", "m1", null, Map.of());
        Duration took = closed.get(SOON.toSeconds(), TimeUnit.SECONDS);
        boolean waitsForItself = place == Place.ASYNC_STAGE || place == Place.ASYNC_STAGE_OF_FOREIGN_EXECUTOR;
        assertThat(took)
                .as("duration of the close")
                .isLessThan(waitsForItself ? DRAIN.plusSeconds(1) : Duration.ofSeconds(1));
        started.whenClosed().get(SOON.toSeconds(), TimeUnit.SECONDS);
        client.close();
        assertThat(broker.ids("queue orders")).as("not settled").isEmpty();
        assertThat(broker.ids("queue orders-dead")).isEmpty();
        assertThat(handled).containsExactly("m1#1");
    }

    /** What handlers do when they are interrupted. */
    enum Stubborn {
        ENDS,
        GOES_ON
    }

    @ParameterizedTest
    @EnumSource(Stubborn.class)
    void aCloseTakesNoLongerThanItsTimeOutAndASecond(Stubborn stubborn) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Consumer started = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    running.countDown();
                    while (never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            if (stubborn == Stubborn.ENDS) {
                                throw e;
                            }
                        }
                    }
                });
        broker.put("queue orders", "m1", null, Map.of());
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        started.close(Duration.ofMillis(500));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_500));
        never.countDown();
        started.whenClosed().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(broker.ids("queue orders")).as("handed back").containsExactly("m1");
        assertThat(broker.ids("queue orders-dead")).isEmpty();
    }

    @Test
    void aHandlerMayCloseWhileTheBrokerIsAway() throws Exception {
        CountDownLatch away = new CountDownLatch(1);
        consumer.complete(client.consumer(ORDERS, String.class).start(delivery -> {
            away.await();
            close(Kind.CLIENT);
        }));
        broker.put("queue orders", "m1", null, Map.of());
        await().atMost(SOON).until(() -> consumer.join().inFlight() == 1);
        broker.onOpenReceiver = address -> {
            throw ManualBroker.down();
        };
        broker.failReceive("queue orders", ManualBroker.down());
        await().atMost(SOON).until(() -> consumer.join().inFlight() == 0);
        away.countDown();
        assertThat(closed.get(SOON.toSeconds(), TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(1));
        client.awaitShutdown();
        assertThat(broker.ids("queue orders")).containsExactly("m1");
        assertThat(broker.ids("queue orders-dead")).isEmpty();
    }
}
