package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
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
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.utils.NetworkUtil;

/**
 * Owns the client that sends and administrates. Each receiver has one of its own, because a broker tells them apart so.
 */
final class RocketMqConnection implements BrokerConnection {
    private static final String SILENT = "is not a RocketMQ name server, or its use of TLS does not match"
            + " anymq.rocketmq.tls"
            + " (brokers and proxies listen on other ports)";

    private final RocketMqConfig config;
    private final RocketMqClient client;
    private final RocketMqRoutes routes;
    private final RocketMqProvisioner provisioner;
    private final Capabilities capabilities;
    private boolean closed;

    private RocketMqConnection(RocketMqConfig config, RocketMqClient client, RocketMqRoutes routes) {
        this.config = config;
        this.client = client;
        this.routes = routes;
        this.provisioner = new RocketMqProvisioner(client, routes, config);
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.NATIVE)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.NATIVE)
                .with(Capability.DELIVERY_COUNT, Support.EMULATED)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
    }

    static RocketMqConnection open(ConnectionContext context) {
        RocketMqConfig config = new RocketMqConfig(context);
        Deadline deadline = Deadline.after(context.connectTimeout());
        RocketMqClient client = RocketMqClient.start(config, context.clientName(), () -> {});
        boolean opened = false;
        try {
            RocketMqRoutes routes = new RocketMqRoutes(client);
            Map<String, String> masters = masters(config, routes, deadline);
            BrokerSign.ask(client, masters.values().iterator().next(), deadline.left());
            opened = true;
            return new RocketMqConnection(config, client, routes);
        } finally {
            if (!opened) {
                client.close(Duration.ofMillis(500));
            }
        }
    }

    private static Map<String, String> masters(RocketMqConfig config, RocketMqRoutes routes, Deadline deadline) {
        String action = "connecting to RocketMQ at " + config.nameServers();
        Map<String, String> masters;
        try {
            // Leaves time for a diagnosis.
            masters = routes.masters(deadline.left().multipliedBy(4).dividedBy(5));
        } catch (MessagingException e) {
            if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.TIMEOUT) {
                throw e;
            }
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: " + HostPort.diagnose(config.nameServers(), SILENT, deadline),
                    true,
                    e);
        }
        if (masters.isEmpty()) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    action + " failed: the name server answers, but no broker is registered with it; check that the"
                            + " broker is running and has this name server in namesrvAddr",
                    true,
                    null);
        }
        return masters;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        synchronized (this) {
            requireOpen();
        }
        TopicRoute route = provisioner.check(address, false, Deadline.after(config.operationTimeout()));
        return new RocketMqSender(client, routes, address, route.writable(), options);
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        synchronized (this) {
            requireOpen();
        }
        String group = RocketMqNames.group(address);
        provisioner.check(address, true, Deadline.after(config.operationTimeout()));
        GroupChanges changes = new GroupChanges();
        RocketMqClient own = RocketMqClient.start(config, options.name(), changes);
        boolean opened = false;
        try {
            RocketMqRoutes ownRoutes = new RocketMqRoutes(own);
            String clientId = NetworkUtil.getLocalAddress() + "@" + options.name() + "@" + UUID.randomUUID();
            RocketMqMarks marks = new RocketMqMarks(own, ownRoutes, group, clientId, config.upkeepTimeout());
            RocketMqMembership membership = new RocketMqMembership(
                    own,
                    ownRoutes,
                    group,
                    List.of(RocketMqNames.topic(address), RocketMqNames.redeliveryTopic(group)),
                    clientId,
                    config.upkeepTimeout());
            RocketMqReceiver receiver =
                    new RocketMqReceiver(own, ownRoutes, config, membership, marks, group, options, listener, changes);
            receiver.join();
            opened = true;
            return receiver;
        } finally {
            if (!opened) {
                own.close(Duration.ofMillis(500));
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection to " + config.nameServers() + " is closed");
        }
    }

    @Override
    public Health probe(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        String where = "RocketMQ at " + config.nameServers();
        try {
            Map<String, String> masters = routes.masters(deadline.left());
            if (masters.isEmpty()) {
                return Health.down(where + " has no registered broker");
            }
            for (String address : masters.values()) {
                BrokerSign.ask(client, address, deadline.left());
            }
            return Health.up(where + " answers; brokers: " + masters.size());
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        MQClientAPIImpl api = client.api();
        return type.isInstance(api) ? Optional.of(type.cast(api)) : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        client.close(deadline.left());
    }
}
