package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Address;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.wrap.SystemTime;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts whose clocks disagree: what one of them retries holds up nothing that the others retry. */
class KafkaClockIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final RetryPolicy RETRY = RetryPolicy.fixed(3, Duration.ofSeconds(1)).toBuilder()
            .inPlaceLimit(Duration.ZERO)
            .build();

    private final Queue queue = Queue.of(SpiContext.uniqueName("clock")).unordered();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> handledAt = new ConcurrentHashMap<>();

    private static MessagingClient client(Duration ahead) {
        return MessagingClient.builder()
                .url(SharedBroker.url())
                .timeSource(new SystemTime() {
                    @Override
                    public long currentTimeMillis() {
                        return super.currentTimeMillis() + ahead.toMillis();
                    }
                })
                .open();
    }

    private static void send(MessagingClient client, Queue queue, String body) throws Exception {
        client.producer(queue, String.class).send(body).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private Consumer failingOnce(MessagingClient client) {
        return client.consumer(queue, String.class).retry(RETRY).start(delivery -> {
            if (failed.add(delivery.body())) {
                throw new IllegalStateException("once");
            }
            handledAt.put(delivery.body(), System.nanoTime());
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aHostWhoseClockIsWrongByAnHourHoldsUpNothing(long hours) throws Exception {
        try (MessagingClient wrong = client(Duration.ofHours(hours));
                MessagingClient right = client(Duration.ZERO)) {
            try (Consumer consumer = failingOnce(wrong)) {
                send(wrong, queue, "of the wrong");
                await().atMost(BOUND).until(() -> failed.size() == 1 && consumer.inFlight() == 0);
            }
            failingOnce(right);
            send(right, queue, "of the right");
            await().atMost(BOUND).until(() -> handledAt.size() == 2);
        }
    }

    @Test
    void aConsumerWhoseClockIsBehindIsNoLater() throws Exception {
        try (MessagingClient right = client(Duration.ZERO);
                MessagingClient wrong = client(Duration.ofHours(-1))) {
            try (Consumer consumer = failingOnce(right)) {
                send(right, queue, "m1");
                await().atMost(BOUND).until(() -> failed.size() == 1 && consumer.inFlight() == 0);
            }
            failingOnce(wrong);
            await().atMost(BOUND).until(() -> handledAt.size() == 1);
        }
    }

    @Test
    void theBrokerStampsWhatWaits() throws Exception {
        try (MessagingClient client = client(Duration.ZERO)) {
            try (Consumer consumer = failingOnce(client)) {
                send(client, queue, "m1");
                await().atMost(BOUND).until(() -> handledAt.size() == 1 && consumer.inFlight() == 0);
            }
        }
        String topic = KafkaNames.topic(new Address.Redelivery(new Address.OfQueue(queue), 16));
        try (Admin admin = SharedBroker.admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            assertThat(admin.describeConfigs(Set.of(resource))
                            .all()
                            .get(BOUND.toSeconds(), TimeUnit.SECONDS)
                            .get(resource)
                            .get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                            .value())
                    .isEqualTo("LogAppendTime");
        }
    }
}
