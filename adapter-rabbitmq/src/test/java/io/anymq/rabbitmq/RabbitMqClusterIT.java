package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.brokers.RabbitMqCluster;
import io.anymq.brokers.RabbitMqNode;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster of which one node goes down. */
@Tag("rabbitmq")
@Tag("rabbitmq-process")
class RabbitMqClusterIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int KEYS = 40;

    private final Queue queue = Queue.of(SpiContext.uniqueName("clustered"));
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private int sent;

    private static MessagingClient connect(RabbitMqNode... nodes) {
        String url = Stream.of(nodes)
                .map(RabbitMqNode::bootstrap)
                .collect(Collectors.joining(",", "rabbitmq://guest:guest@", ""));
        return MessagingClient.builder()
                .url(url)
                .set("anymq.producer.retry", "true")
                .open();
    }

    private Consumer consume(MessagingClient client, AtomicInteger count) {
        return client.consumer(queue, String.class).start(delivery -> {
            handled.add(delivery.body());
            count.incrementAndGet();
        });
    }

    private void send(Producer<String> producer) throws Exception {
        String body = "m" + sent;
        producer.send(Message.of(body).withKey("k" + sent % KEYS)).get(BOUND.toSeconds(), TimeUnit.SECONDS);
        confirmed.add(body);
        sent++;
    }

    private void sendUntil(Producer<String> producer, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("done within the bound").isLessThan(end);
            send(producer);
        }
    }

    private void allIsHandled() {
        await().atMost(BOUND).until(() -> handled.containsAll(confirmed));
    }

    @Test
    void consumersGoOnAndBeginWhileTheNodeThatHadEverythingFirstIsDown() throws Exception {
        try (RabbitMqCluster cluster = RabbitMqCluster.start(3)) {
            RabbitMqNode first = cluster.nodes().get(0);
            RabbitMqNode second = cluster.nodes().get(1);
            RabbitMqNode third = cluster.nodes().get(2);
            AtomicInteger one = new AtomicInteger();
            AtomicInteger other = new AtomicInteger();
            AtomicInteger late = new AtomicInteger();
            // every queue, and with it what a classic queue consists of, begins on the node of its first client
            try (MessagingClient provisioning = connect(first)) {
                Consumer all = consume(provisioning, one);
                sendUntil(provisioning.producer(queue, String.class), () -> one.get() > 0);
                all.close();
            }
            try (MessagingClient a = connect(second, third);
                    MessagingClient b = connect(third, second)) {
                Producer<String> producer = a.producer(queue, String.class);
                one.set(0);
                Consumer consumerA = consume(a, one);
                Consumer consumerB = consume(b, other);
                sendUntil(producer, () -> one.get() > 0 && other.get() > 0);

                consumerA.pause();
                consumerB.pause();
                for (int i = 0; i < 500; i++) {
                    send(producer);
                }
                int oneBefore = one.get();
                int otherBefore = other.get();
                first.kill();
                consumerA.resume();
                consumerB.resume();
                sendUntil(producer, () -> one.get() > oneBefore && other.get() > otherBefore);
                allIsHandled();
                assertThat(first.isAlive()).isFalse();

                try (MessagingClient c = connect(first, second, third)) {
                    Consumer consumerC = consume(c, late);
                    sendUntil(producer, () -> late.get() > 0);
                    consumerC.close();
                }
                allIsHandled();
                assertThat(first.isAlive()).isFalse();

                first.restart();
                for (int i = 0; i < KEYS; i++) {
                    send(producer);
                }
                allIsHandled();
            }
        }
    }
}
