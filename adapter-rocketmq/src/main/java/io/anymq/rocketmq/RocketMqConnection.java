package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.spi.support.CloseOnce;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import io.anymq.spi.support.TlsRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Owns the client that sends and administrates. Each receiver has one of its own, because a broker tells them apart so.
 */
final class RocketMqConnection implements BrokerConnection {
    private static final String SILENT = "is not a RocketMQ name server, or its use of TLS does not match"
            + " anymq.rocketmq.tls"
            + " (brokers and proxies listen on other ports)";

    private final RocketMqConfig config;
    private final ProtocolClient client;
    private final RocketMqProvisioner provisioner;
    private final Capabilities capabilities;
    private final CloseOnce state;

    private RocketMqConnection(RocketMqConfig config, ProtocolClient client) {
        this.config = config;
        this.client = client;
        this.provisioner = new RocketMqProvisioner(client, config);
        this.state = new CloseOnce("the connection to " + config.nameServers());
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.NATIVE)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.NATIVE)
                .with(Capability.DELIVERY_COUNT, Support.EMULATED)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.BROWSE, Support.UNSUPPORTED)
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
    }

    static RocketMqConnection open(ConnectionContext context) {
        RocketMqConfig config = new RocketMqConfig(context);
        Deadline deadline = Deadline.after(context.connectTimeout());
        ProtocolClient client = start(config, config.clientName());
        try {
            String anyBroker = brokers(config, client, deadline).iterator().next();
            client.broker(anyBroker, deadline.left()).ping();
            return new RocketMqConnection(config, client);
        } catch (Throwable e) {
            client.close(Duration.ofMillis(500));
            throw e;
        }
    }

    private static ProtocolClient start(RocketMqConfig config, String name) {
        return ProtocolClient.start(config.client(), name, RocketMqTranslator::error);
    }

    private static Set<String> brokers(RocketMqConfig config, ProtocolClient client, Deadline deadline) {
        String action = "connecting to RocketMQ at " + config.nameServers();
        Set<String> brokers;
        try {
            // Leaves time for a diagnosis.
            brokers =
                    client.nameServers().brokers(deadline.left().multipliedBy(4).dividedBy(5));
        } catch (MessagingException e) {
            if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.TIMEOUT) {
                throw TlsRefusal.of(action, "anymq.rocketmq.", e).orElse(e);
            }
            // a server that refuses a client's certificate hangs up, and its reason may be lost on the way
            Optional<MessagingException> refused =
                    config.tlsRefusal(deadline).flatMap(reason -> TlsRefusal.of(action, "anymq.rocketmq.", reason));
            if (refused.isPresent()) {
                throw refused.get();
            }
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: " + HostPort.diagnose(config.nameServers(), SILENT, deadline),
                    true,
                    e);
        }
        if (brokers.isEmpty()) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: the name server answers, but no broker is registered with it; check that the"
                            + " broker is running and has this name server in namesrvAddr",
                    true,
                    null);
        }
        return brokers;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        // What delayed messages need belongs to their source.
        provisioner.provision(address instanceof Address.Redelivery redelivery ? redelivery.origin() : address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        state.requireOpen();
        return new RocketMqSender(client, address, provisioner.check(address).writable(), options);
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        state.requireOpen();
        provisioner.checkSource(address);
        ProtocolClient own = start(config, options.name());
        try {
            RocketMqReceiver receiver = new RocketMqReceiver(own, config, address, options, listener);
            receiver.join();
            return receiver;
        } catch (Throwable e) {
            own.close(Duration.ofMillis(500));
            throw e;
        }
    }

    @Override
    public Health probe(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        String where = "RocketMQ at " + config.nameServers();
        try {
            Set<String> brokers = client.nameServers().brokers(deadline.left());
            if (brokers.isEmpty()) {
                return Health.down(where + " has no registered broker");
            }
            brokers.forEach(broker -> client.broker(broker, deadline.left()).ping());
            return Health.up(where + " answers; brokers: " + brokers.size());
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return client.unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        state.close(timeout, deadline -> client.close(deadline.left()));
    }
}
