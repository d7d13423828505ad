package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.internal.support.ClientThreads;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.RetryingConsumer;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler executor that holds its caller up stops neither timers nor other consumers nor a close. */
@Timeout(60)
class BlockingExecutorTest {
    private static final Queue ORDERS = Queue.of("orders").unordered();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ManualBroker broker = new ManualBroker();
    private final MessagingClient client =
            MessagingClient.builder().adapter(broker).url("manual:").open();
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy());

    /** How an executor holds up its caller. */
    enum Kind {
        BLOCKS,
        RUNS_ON_ITS_CALLER,
        RUNS_ON_ITS_CALLER_WHEN_IT_IS_FULL
    }

    private Executor executor(Kind kind) {
        return switch (kind) {
            case BLOCKS ->
                task -> {
                    hold();
                    pool.execute(task);
                };
            case RUNS_ON_ITS_CALLER -> Runnable::run;
            case RUNS_ON_ITS_CALLER_WHEN_IT_IS_FULL -> pool;
        };
    }

    private void hold() {
        called.countDown();
        boolean released = false;
        while (!released) {
            try {
                released = release.await(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(released).isTrue();
            } catch (InterruptedException e) {
                // stubborn
            }
        }
    }

    @AfterEach
    void nothingIsLeft() {
        release.countDown();
        client.close();
        pool.shutdownNow();
        ClientThreads.awaitNone(SOON);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nobodyElseWaits(Kind kind) throws Exception {
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        Consumer held = client.consumer(ORDERS, String.class)
                .executor(executor(kind))
                .concurrency(2)
                // the first retry calls the executor from a timer
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(10)))
                .start(delivery -> {
                    if (failures.incrementAndGet() <= 2) {
                        throw new IllegalStateException("again");
                    }
                    hold();
                    handled.incrementAndGet();
                });
        for (int i = 0; i < 4; i++) {
            broker.put("queue orders", "m" + i, null, Map.of());
        }
        assertThat(called.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        RetryingConsumer.mustSucceed(client, broker, SOON);
        // its receiver looks around, too
        int before = broker.polls("queue orders").size();
        await().atMost(SOON).until(() -> broker.polls("queue orders").size() > before);

        release.countDown();
        await().atMost(SOON).until(() -> handled.get() == 4 && held.inFlight() == 0);
        assertThat(broker.ids("queue orders")).isEmpty();
    }
}
