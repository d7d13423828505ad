package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Codec;
import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.VirtualTime;
import io.anymq.internal.receive.policy.OutputIds;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A client on a {@link ManualBroker}, whose time stands still unless the test moves it. */
@Timeout(30)
public abstract class OnManualBroker {
    protected static final Queue ORDERS = Queue.of("orders");
    protected static final String AT_ORDERS = "queue orders";
    protected static final String AT_DEAD = "queue orders-dead";
    protected static final String AT_REDELIVERY = "redelivery of orders";
    protected static final Duration SOON = Duration.ofSeconds(15);
    protected static final Duration STEP = Duration.ofMillis(100);

    protected final ManualBroker broker = new ManualBroker();
    protected final VirtualTime time = new VirtualTime();
    protected final RecordingObserver observer = new RecordingObserver();

    /** Notes of handlers, such as ids. */
    protected final List<String> handled = new CopyOnWriteArrayList<>();

    private final Set<Thread> before = ClientThreads.alive();
    private @Nullable MessagingClient client;

    protected final MessagingClient client(Codec... codecs) {
        MessagingClient open = client;
        if (open == null) {
            MessagingClient.Builder builder = MessagingClient.builder()
                    .adapter(broker)
                    .url("manual:")
                    .timeSource(time)
                    .observer(observer);
            for (Codec codec : codecs) {
                builder.codec(codec);
            }
            open = builder.open();
            client = open;
        }
        return open;
    }

    /** A consumer of texts that tries three times, 100 ms apart. */
    protected final ConsumerBuilder<String> consumer(Source source) {
        return client().consumer(source, String.class)
                .drainTimeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.fixed(3, STEP));
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        MessagingClient open = client;
        if (open != null) {
            CompletableFuture.runAsync(open::close).get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        eventually(() -> before.containsAll(ClientThreads.alive()));
        assertThat(broker.openSenders).hasValue(0);
    }

    /** Stores messages whose text is their id. */
    protected final void put(@Nullable String key, String... ids) {
        for (String id : ids) {
            broker.put(AT_ORDERS, id, key, Map.of());
        }
    }

    /** Notes the id and the attempt, such as {@code m1#2}. */
    protected final void note(Delivery<?> delivery) {
        handled.add(delivery.id() + "#" + delivery.attempt());
    }

    /** The id of the output that the handler of orders published as its {@code number}th for {@code input}. */
    protected static String output(String input, int number) {
        return OutputIds.of(ORDERS, input, number);
    }

    protected static void eventually(Callable<Boolean> condition) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    /** Moves the time in steps until the condition holds. */
    protected final void advancingUntil(Callable<Boolean> condition) {
        advancingUntil(STEP, condition);
    }

    protected final void advancingUntil(Duration step, Callable<Boolean> condition) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
            if (condition.call()) {
                return true;
            }
            time.advance(step);
            return false;
        });
    }

    /** Waits until the receiver of {@code address} has looked around twice, so that it has seen all that was there. */
    protected final void lookedAround(String address) {
        int before = broker.polls(address).size();
        eventually(() -> broker.polls(address).size() >= before + 2);
    }

    protected final void settledAll(Consumer consumer) {
        eventually(() -> broker.ids(AT_ORDERS).isEmpty() && consumer.inFlight() == 0);
    }

    /** Closes as usual, which must not need the drain time-out of an hour. */
    protected static void closeSoon(Consumer consumer) throws Exception {
        CompletableFuture.runAsync(consumer::close).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    protected static void awaitLatch(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
