package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rabbitmq")
@Tag("rabbitmq-process")
class RabbitMqProcessIT extends LocalProcessContract {
    private static final int QUEUES = 5;

    @Override
    BrokerKind kind() {
        return BrokerKind.RABBITMQ;
    }

    @Override
    String urlPrefix() {
        return "rabbitmq://guest:guest@";
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting("channel_max", "many", "failed_to_prepare_configuration", "channel_max");
    }

    @Override
    boolean answers(LocalBroker broker) {
        return PlainRabbitMq.answersWithin(broker.bootstrap(), Duration.ofSeconds(2));
    }

    @Override
    void use(LocalBroker broker) throws Exception {
        PlainRabbitMq.send(broker.bootstrap(), "orders", "one");
        assertThat(PlainRabbitMq.read(broker.bootstrap(), "orders")).isEqualTo("one");
        assertThat(broker.describe().version().orElseThrow()).matches("[34]\\.\\d+\\..*");
        RabbitMqNode node = (RabbitMqNode) broker;
        assertThat(node.eval("1 + 1")).isEqualTo("2");
        assertThatThrownBy(() -> node.eval("1 / 0"))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("badarith");
        assertThat(portMappers()).isPositive();
    }

    /** A port mapper would outlive its node if something went wrong. */
    private static long portMappers() {
        return descendants(ProcessHandle.current().pid()).stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(process -> process.info().command().orElse("").endsWith("epmd"))
                .count();
    }

    @Override
    void assertSuspended(LocalBroker broker) throws Exception {
        super.assertSuspended(broker);
        assertThatThrownBy(() -> ((RabbitMqNode) broker).eval("ok")).isInstanceOf(LocalBrokerException.class);
    }

    /** A kill comes right after the declaration of some queues. */
    @Override
    void store(LocalBroker broker) throws Exception {
        for (int i = 0; i < QUEUES; i++) {
            PlainRabbitMq.send(broker.bootstrap(), "orders" + i, "stored at " + broker.bootstrap());
        }
    }

    @Override
    void assertStored(LocalBroker broker) {
        for (int i = 0; i < QUEUES; i++) {
            String queue = "orders" + i;
            await().atMost(LIMIT)
                    .until(() ->
                            PlainRabbitMq.read(broker.bootstrap(), queue).equals("stored at " + broker.bootstrap()));
        }
    }

    @Test
    void userAndVirtualHostInAnExternalUrlAreKeptToItself() {
        try (LocalBroker started = start(OPTIONS)) {
            String url = "rabbitmq://guest:guest@" + started.bootstrap() + "/%2F";
            try (LocalBroker external = LocalBrokers.start(
                    BrokerKind.RABBITMQ, BrokerOptions.defaults().withExternalUrl(url))) {
                assertThat(external.url()).isEqualTo(url);
                assertThat(external.bootstrap()).isEqualTo(started.bootstrap());
                assertThat(external.describe().version())
                        .isEqualTo(started.describe().version());
                assertThat(external.describe().launch()).doesNotContain("guest");
            }
        }
    }
}
