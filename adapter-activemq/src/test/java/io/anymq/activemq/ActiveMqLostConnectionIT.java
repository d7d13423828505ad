package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.net.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are lost while much is on its way spend no attempt of any message. */
class ActiveMqLostConnectionIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MESSAGES = 300;
    private static final int BODY = 20_000;
    private static final int CUTS = 8;

    private final Semaphore turns = new Semaphore(0);
    private final AtomicInteger calls = new AtomicInteger();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();
    private final String name = SpiContext.uniqueName("lost");

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void whatNoHandlerHasFailedIsHandled(BrokerKind kind) throws Exception {
        Queue queue = Queue.of(name);
        String padding = "x".repeat(BODY);
        try (TcpProxy proxy = TcpProxy.open();
                MessagingClient direct = SharedBroker.client(kind)) {
            proxy.forwardTo(SharedBroker.of(kind).bootstrap());
            direct.provision(queue);
            try (Producer<String> producer = direct.producer(queue, String.class)) {
                for (int i = 0; i < MESSAGES; i++) {
                    producer.send(Message.of(i + padding).withKey("k" + i % 20)).join();
                }
            }
            try (MessagingClient client = MessagingClient.connect("activemq://" + proxy.address())) {
                consumeThroughCuts(client, queue, proxy);
                await().atMost(BOUND).until(() -> handled.size() == MESSAGES);
            } finally {
                turns.release(10 * MESSAGES);
            }
            assertThat(attempts).containsOnly(1);
            nothingIsDead(direct);
        }
    }

    /** Each cut comes as soon as anything has come, so that the rest is still on its way. */
    private void consumeThroughCuts(MessagingClient client, Queue queue, TcpProxy proxy) {
        client.consumer(queue, String.class)
                .concurrency(3)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    calls.incrementAndGet();
                    attempts.add(delivery.attempt());
                    turns.acquire();
                    handled.add(delivery.body());
                });
        for (int cut = 1; cut <= CUTS; cut++) {
            int before = calls.get();
            turns.release(5);
            await().pollInterval(Duration.ofMillis(1)).atMost(BOUND).until(() -> calls.get() > before);
            proxy.reset();
        }
        turns.release(10 * MESSAGES);
    }

    private void nothingIsDead(MessagingClient direct) {
        // what is dead comes before what is sent now
        Queue dead = Queue.of(name + "-dead");
        List<String> letters = new CopyOnWriteArrayList<>();
        direct.consumer(dead, String.class)
                .start(delivery -> letters.add(delivery.body().replace("x", "")));
        try (Producer<String> producer = direct.producer(dead, String.class)) {
            producer.send("last").join();
        }
        await().atMost(BOUND).until(() -> letters.contains("last"));
        assertThat(letters).containsExactly("last");
    }
}
