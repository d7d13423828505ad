package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.internal.support.ManualBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.Support;
import io.anymq.spi.TransactionalReceiver;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A capability that is declared but not implemented is reported when a receiver is opened. */
@Timeout(20)
class DeclaredAbilitiesTest {
    private static final Queue ORDERS = Queue.of("orders");
    private static final Address QUEUE = new Address.OfQueue(ORDERS);
    private static final Address LANES = new Address.Redelivery(ORDERS, 4);

    private final BrokerReceiver plain = receiver(BrokerReceiver.class);

    private static <T> T receiver(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }

    private static Capabilities with(Support delay, Support chaining) {
        return new ManualBroker()
                .capabilities()
                .with(Capability.DELAY, delay)
                .with(Capability.ATOMIC_CHAINING, chaining);
    }

    private static void refused(BrokerReceiver receiver, Address address, Capabilities declared, String... words) {
        assertThatThrownBy(() -> DeclaredAbilities.require(receiver, address, declared))
                .isInstanceOfSatisfying(MessagingException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(error.isRetryable()).isFalse();
                    assertThat(error.getMessage()).contains(words);
                });
    }

    @Test
    void whatIsNotDeclaredNeedsNoInterface() {
        DeclaredAbilities.require(plain, QUEUE, with(Support.UNSUPPORTED, Support.UNSUPPORTED));
        DeclaredAbilities.require(plain, QUEUE, with(Support.EMULATED, Support.UNSUPPORTED));
        DeclaredAbilities.require(plain, LANES, with(Support.NATIVE, Support.UNSUPPORTED));
    }

    @Test
    void lanesOfEmulatedDelayMustBePausable() {
        Capabilities declared = with(Support.EMULATED, Support.UNSUPPORTED);
        refused(plain, LANES, declared, "DELAY EMULATED", PausableReceiver.class.getName(), "redelivery of orders");
        DeclaredAbilities.require(receiver(PausableReceiver.class), LANES, declared);
    }

    @Test
    void aReceiverOfChainsMustBeTransactional() {
        Capabilities declared = with(Support.UNSUPPORTED, Support.NATIVE);
        refused(plain, QUEUE, declared, "ATOMIC_CHAINING NATIVE", TransactionalReceiver.class.getName(), "orders");
        DeclaredAbilities.require(receiver(TransactionalReceiver.class), QUEUE, declared);
    }

    /** A receiver of {@link ManualBroker} that can no more than a receiver must. */
    private static final class Boasting implements BrokerAdapter {
        private final ManualBroker broker = new ManualBroker();

        @Override
        public String scheme() {
            return broker.scheme();
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            return (BrokerConnection) Proxy.newProxyInstance(
                    BrokerConnection.class.getClassLoader(),
                    new Class<?>[] {BrokerConnection.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "capabilities" -> with(Support.UNSUPPORTED, Support.NATIVE);
                        case "openReceiver" -> receiver(BrokerReceiver.class);
                        default -> method.invoke(broker, arguments);
                    });
        }
    }

    @Test
    void theConsumerDoesNotStart() {
        try (MessagingClient client =
                MessagingClient.builder().adapter(new Boasting()).url("manual:").open()) {
            assertThatThrownBy(() -> client.consumer(ORDERS, String.class).start(delivery -> {}))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining(TransactionalReceiver.class.getName());
        }
    }
}
