package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders"));

    @Test
    void theAdapterIsFoundByItsScheme() {
        assertThat(ServiceLoader.load(BrokerAdapter.class))
                .anySatisfy(adapter -> assertThat(adapter.scheme()).isEqualTo("inmemory"));
    }

    @Test
    void aNamedBrokerIsSharedAndKeepsItsMessages() {
        String name = "lifecycle-" + UUID.randomUUID();
        try (Client first = Client.connect("inmemory:" + name, "one")) {
            send(first.sender(QUEUE), Sent.of("a"));
            assertThat(first.receiver(QUEUE).receive(1, AT_ONCE)).hasSize(1);
        }
        InMemoryBroker broker = InMemoryBroker.find(name).orElseThrow();
        assertThat(broker.clients()).isEmpty();
        assertThat(broker.metrics("orders").orElseThrow().receivers()).isZero();

        try (Client second = Client.connect("inmemory:" + name, "two")) {
            assertThat(second.broker()).isSameAs(broker);
            assertThat(ids(second.receiver(QUEUE).receive(10, AT_ONCE))).containsExactly("a");
            broker.shutdown();
            broker.start();
            assertThat(broker.running()).isFalse();
            assertThatThrownBy(() -> second.provision(QUEUE)).hasMessageContaining("stopped");
        }
        assertThat(InMemoryBroker.find(name)).isEmpty();
        assertThat(broker.metrics()).isEmpty();
    }

    @Test
    void aPrivateBrokerGoesAwayWithItsClient() {
        InMemoryBroker broker;
        BrokerSender sender;
        BrokerReceiver receiver;
        try (Client one = Client.connect("inmemory:", "one");
                Client other = Client.connect("inmemory:", "other")) {
            broker = one.broker();
            assertThat(other.broker()).isNotSameAs(broker);
            sender = one.sender(QUEUE);
            receiver = one.receiver(QUEUE);
            send(sender, Sent.of("a"));
            assertThat(receiver.unwrap(InMemoryBroker.class)).containsSame(broker);
            assertThat(sender.unwrap(InMemoryBroker.class)).containsSame(broker);
            assertThat(sender.unwrap(String.class)).isEmpty();
            one.connection.close(Duration.ZERO);
            one.connection.close(Duration.ZERO);
        }
        assertThat(broker.running()).isFalse();
        assertThat(broker.metrics()).isEmpty();
        assertThat(send(sender, Sent.of("b")).get(0).outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThatThrownBy(() -> receiver.receive(1, AT_ONCE)).isInstanceOf(MessagingException.class);
        receiver.close(Duration.ZERO);
        sender.close(Duration.ZERO);
    }

    @Test
    void aClosedReceiverSaysSo() {
        try (Client client = Client.connect("inmemory:", "one")) {
            BrokerReceiver receiver = client.receiver(QUEUE);
            receiver.close(Duration.ZERO);
            receiver.close(Duration.ZERO);
            assertThatThrownBy(() -> receiver.receive(1, AT_ONCE))
                    .isInstanceOfSatisfying(
                            MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        }
    }

    @Test
    void noThreadIsStarted() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (Client client = Client.connect("inmemory:", "one")) {
            BrokerReceiver receiver = client.receiver(QUEUE);
            send(client.sender(QUEUE), Sent.of("a"), Sent.delayed("b", Long.MAX_VALUE));
            receiver.acknowledge(receiver.receive(1, Duration.ofMillis(1)));
            receiver.receive(1, Duration.ofMillis(1));
            assertThat(Thread.getAllStackTraces().keySet())
                    .allMatch(thread ->
                            before.contains(thread) || !thread.getName().contains("anymq"));
        }
    }

    @Test
    void whatIsDeclaredIsWhatTheTestsProve() {
        try (Client client = Client.connect("inmemory:", "one")) {
            var capabilities = client.connection.capabilities();
            assertThat(capabilities.of(Capability.DELAY)).isEqualTo(Support.NATIVE);
            assertThat(capabilities.of(Capability.DELIVERY_COUNT)).isEqualTo(Support.NATIVE);
            assertThat(capabilities.of(Capability.DURABLE)).isEqualTo(Support.EMULATED);
            assertThat(capabilities.of(Capability.START_EARLIEST)).isEqualTo(Support.UNSUPPORTED);
            assertThat(capabilities.of(Capability.ATOMIC_CHAINING)).isEqualTo(Support.UNSUPPORTED);
            assertThat(capabilities.maxBodyBytes()).isEqualTo(16 << 20);
        }
    }

    @Test
    void mistakesInTheConfigurationAreNamed() {
        assertThat(problems("inmemory:", Map.of())).isEmpty();
        assertThat(problems("inmemory:orders", Map.of())).isEmpty();
        assertThat(problems("inmemory://localhost:1", Map.of()))
                .singleElement()
                .asString()
                .contains("must not contain a host");
        assertThat(problems("inmemory:not a name", Map.of()))
                .singleElement()
                .asString()
                .contains("cannot name");
        assertThat(problems("inmemory://u:p@host/x y", Map.of("max-body", 4096L, "queue-bytes", 2048L)))
                .hasSize(3);
    }

    private static List<String> problems(String url, Map<String, Long> options) {
        return new InMemoryAdapter().validate(Client.context(url, "one", options, new VirtualTime()));
    }
}
