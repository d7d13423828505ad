package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.net.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is lost spends no attempt of any message, as long as the process lives. */
@Tag("rabbitmq")
class RabbitMqLostConnectionIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int MESSAGES = 120;
    private static final int CUTS = 3;

    private final Semaphore turns = new Semaphore(0);
    private final AtomicInteger calls = new AtomicInteger();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();
    private final String name = SpiContext.uniqueName("lost");
    private TcpProxy proxy;
    private MessagingClient client;
    private MessagingClient direct;

    @BeforeEach
    void open() throws Exception {
        proxy = TcpProxy.open();
        proxy.forwardTo(SharedBroker.address());
        client = MessagingClient.connect("rabbitmq://guest:guest@" + proxy.address());
        direct = MessagingClient.connect(SharedBroker.url());
    }

    @AfterEach
    void close() throws Exception {
        turns.release(10 * MESSAGES);
        client.close();
        direct.close();
        proxy.close();
    }

    private void consumeThroughCuts(Queue queue, RetryPolicy retry) {
        client.consumer(queue, String.class).concurrency(3).retry(retry).start(delivery -> {
            calls.incrementAndGet();
            attempts.add(delivery.attempt());
            turns.acquire();
            handled.add(delivery.body());
        });
        for (int cut = 1; cut <= CUTS; cut++) {
            turns.release(10);
            int begun = 8 * cut;
            await().atMost(BOUND).until(() -> calls.get() >= begun);
            proxy.reset();
        }
        turns.release(10 * MESSAGES);
    }

    private void nothingIsDead() {
        // what is dead comes before what is sent now
        Queue dead = Queue.of(name + "-dead");
        List<String> letters = new CopyOnWriteArrayList<>();
        direct.consumer(dead, String.class).start(delivery -> letters.add(delivery.body()));
        try (Producer<String> producer = direct.producer(dead, String.class)) {
            producer.send("last").join();
        }
        await().atMost(BOUND).until(() -> letters.contains("last"));
        assertThat(letters).containsExactly("last");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatNoHandlerHasFailedIsHandled(boolean ordered) {
        Queue queue = ordered ? Queue.of(name) : Queue.of(name).unordered();
        direct.provision(queue);
        try (Producer<String> producer = direct.producer(queue, String.class)) {
            for (int i = 0; i < MESSAGES; i++) {
                Message<String> message = Message.of("m" + i);
                producer.send(ordered ? message.withKey("k" + i % 20) : message).join();
            }
        }
        consumeThroughCuts(queue, RetryPolicy.never());
        await().atMost(BOUND).until(() -> handled.size() == MESSAGES);
        assertThat(attempts).containsOnly(1);
        nothingIsDead();
    }

    @Test
    void messagesThatLookAlikeShareNothing() throws Exception {
        Queue queue = Queue.of(name).unordered();
        direct.provision(queue);
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.confirmSelect();
            AMQP.BasicProperties text = new AMQP.BasicProperties.Builder()
                    .contentType("text/plain")
                    .deliveryMode(2)
                    .build();
            for (int i = 0; i < MESSAGES; i++) {
                channel.basicPublish("", name, text, "tick".getBytes(StandardCharsets.UTF_8));
            }
            channel.waitForConfirmsOrDie(BOUND.toMillis());
        }
        consumeThroughCuts(queue, RetryPolicy.fixed(2, Duration.ofMillis(10)));
        await().atMost(BOUND).until(() -> calls.get() >= MESSAGES);
        assertThat(attempts).containsOnly(1);
        nothingIsDead();
    }
}
