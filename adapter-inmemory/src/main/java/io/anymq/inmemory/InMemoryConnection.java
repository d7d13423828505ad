package io.anymq.inmemory;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's session at the broker of its URL, or at one of its own. */
final class InMemoryConnection implements BrokerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryConnection.class);

    private final InMemoryBroker.Session session;
    private final InMemoryBroker broker;
    private final Capabilities capabilities;

    private InMemoryConnection(InMemoryBroker.Session session) {
        this.session = session;
        this.broker = session.broker();
        this.capabilities = capabilities(broker.limits().maxBodyBytes());
    }

    static InMemoryConnection open(ConnectionContext context) {
        InMemoryBroker.Limits wanted = InMemoryConfig.limits(context.config());
        String name = context.url().path();
        InMemoryBroker broker = name.isEmpty() ? InMemoryBroker.unnamed(wanted) : InMemoryBroker.named(name, wanted);
        if (!broker.limits().equals(wanted)) {
            LOG.warn(
                    "{} already runs with {}; ignoring {} of client '{}'",
                    broker,
                    broker.limits(),
                    wanted,
                    context.clientName());
        }
        return new InMemoryConnection(broker.connect(context.clientName(), context.timeSource()));
    }

    private static Capabilities capabilities(int maxBodyBytes) {
        return Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.UNSUPPORTED)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.NATIVE)
                .with(Capability.DELIVERY_COUNT, Support.NATIVE)
                // Survives stop() and start() of the broker and any client's crash, but not the end of the JVM.
                .with(Capability.DURABLE, Support.EMULATED)
                .with(Capability.BROWSE, Support.NATIVE)
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(maxBodyBytes)
                .build();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        InMemoryProvisioner.provision(session, address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        if (address instanceof Address.OfSubscription subscription) {
            throw new MessagingException(ErrorCode.UNSUPPORTED, subscription + " cannot be sent to; send to its topic");
        }
        return new InMemorySender(session.publisher(address, options.outcomeWithin()), broker);
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        if (address instanceof Address.OfTopic topic) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED, topic + " cannot be received from; receive from one of its subscriptions");
        }
        if (address instanceof Address.Redelivery) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    address + " cannot be received from; the broker delays messages itself and delivers them"
                            + " through the source");
        }
        return new InMemoryReceiver(session.subscribe(address, listener), broker);
    }

    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        InMemoryBroker.Browser browser = session.browse(address);
        return new BrokerBrowser() {
            @Override
            public List<? extends InboundMessage> next(int max) {
                return browser.next(max);
            }

            @Override
            public void close(Duration timeout) {}
        };
    }

    @Override
    public Health probe(Duration timeout) {
        return session.reachesBroker()
                ? Health.up(broker + " answers")
                : Health.down(broker + " is stopped or has disconnected this client");
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return InMemoryTranslator.unwrap(broker, type);
    }

    @Override
    public void close(Duration timeout) {
        session.close();
        if (broker.name().isEmpty()) {
            broker.shutdown();
        }
    }
}
