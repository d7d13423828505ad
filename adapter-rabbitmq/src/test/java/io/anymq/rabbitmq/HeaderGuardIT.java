package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.DeadLetterReason;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A message that every connection of the vendor's client would break at, on a server that stores it. */
class HeaderGuardIT {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static void publish(Channel channel, String queue, String body, Map<String, Object> headers)
            throws Exception {
        BasicProperties properties = new BasicProperties.Builder()
                .messageId(body)
                .contentType("text/plain")
                .deliveryMode(2)
                .headers(headers)
                .build();
        channel.basicPublish("", queue, properties, body.getBytes(UTF_8));
    }

    private static Object nested(int levels) {
        Object value = "core";
        for (int i = 0; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    @Test
    void headersThatNobodyCanReadPutTheirOwnMessageAside() throws Exception {
        Queue queue = Queue.of(SpiContext.uniqueName("deep")).unordered();
        Queue dead = Queue.of(queue.name() + "-dead");
        List<Health> troubles = new CopyOnWriteArrayList<>();
        List<String> handled = new CopyOnWriteArrayList<>();
        List<DeadLetterReason> reasons = new CopyOnWriteArrayList<>();
        MessagingObserver observer = new MessagingObserver() {
            @Override
            public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
                troubles.add(event.health());
            }
        };
        try (MessagingClient client = MessagingClient.builder()
                .url(SharedBroker.url())
                .observer(observer)
                .open()) {
            client.provision(queue);
            try (Connection plain = SharedBroker.plain();
                    Channel channel = plain.createChannel()) {
                channel.confirmSelect();
                publish(channel, queue.name(), "good-1", Map.of());
                publish(channel, queue.name(), "deep", Map.of("deep", nested(300)));
                publish(channel, queue.name(), "good-2", Map.of("nested", nested(10)));
                channel.waitForConfirmsOrDie(BOUND.toMillis());
            }
            client.consumer(queue, String.class).start(delivery -> handled.add(delivery.body()));
            await().atMost(BOUND).until(() -> handled.size() == 2);
            assertThat(handled).containsExactlyInAnyOrder("good-1", "good-2");
            RedriveOptions brief =
                    RedriveOptions.builder().idle(Duration.ofSeconds(1)).build();
            RedriveReport report = client.redrive(dead, brief).get(BOUND.toSeconds(), TimeUnit.SECONDS);
            assertThat(report.redriven()).isZero();
            assertThat(report.failures().get(queue))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
            client.consumer(dead, byte[].class).start(delivery -> {
                assertThat(delivery.id()).isEqualTo("deep");
                assertThat(delivery.body()).isEqualTo("deep".getBytes(UTF_8));
                delivery.deadLetter().ifPresent(letter -> reasons.add(letter.reason()));
            });
            await().atMost(BOUND).until(() -> reasons.size() == 1);
            assertThat(reasons).containsExactly(DeadLetterReason.UNDECODABLE);
            assertThat(troubles)
                    .extracting(Health::status)
                    .as("what disturbed the consumers")
                    .containsOnly(Health.Status.UP);
        }
    }
}
