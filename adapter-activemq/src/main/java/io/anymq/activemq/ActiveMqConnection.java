package io.anymq.activemq;

import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
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
import io.anymq.spi.support.PartitionedSender;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Up to three kinds of connections: one for administration and health, one that all senders share, or a few, and one
 * for each receiver. A broker whose store is full stops reading from connections that send; the others must not wait
 * behind them.
 */
final class ActiveMqConnection implements BrokerConnection {
    private final ActiveMqServer server;
    private final LazyLink administration;
    private final List<LazyLink> sending;
    private final ActiveMqProvisioner provisioner;
    private final Capabilities capabilities;
    private final Set<ActiveMqSender> senders = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final CloseOnce state = new CloseOnce("the connection to ActiveMQ");

    private ActiveMqConnection(ActiveMqServer server, OpenWireLink link) {
        ActiveMqConfig config = server.config();
        this.server = server;
        this.administration = new LazyLink(config, link);
        this.sending = Stream.generate(() -> new LazyLink(config, null))
                .limit(config.sendConnections())
                .toList();
        this.provisioner = new ActiveMqProvisioner(administration, server);
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.UNSUPPORTED)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, server.brokerDelays() ? Support.NATIVE : Support.EMULATED)
                .with(Capability.DELIVERY_COUNT, Support.NATIVE)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.BROWSE, Support.UNSUPPORTED)
                .with(Capability.ATOMIC_CHAINING, Support.NATIVE)
                .maxBodyBytes(config.maxBodyBytes(link.maxFrameBytes()))
                .build();
    }

    static ActiveMqConnection open(ConnectionContext context) {
        ActiveMqConfig config = new ActiveMqConfig(context);
        Deadline deadline = Deadline.after(context.connectTimeout());
        OpenWireLink link = OpenWireLink.open(config, context.connectTimeout());
        try {
            ServerKind kind = config.server()
                    .orElseGet(() -> ServerKind.of(link.connection().getBrokerInfo()));
            boolean brokerDelays =
                    switch (config.delay()) {
                        case "native" -> true;
                        case "emulated" -> false;
                        // Artemis always has scheduled delivery.
                        default -> kind == ServerKind.ARTEMIS || SchedulerProbe.isOn(link, deadline);
                    };
            ActiveMqNames names = new ActiveMqNames(kind, config);
            return new ActiveMqConnection(
                    new ActiveMqServer(config, kind, names, brokerDelays, new LostDeliveries()), link);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        state.requireOpen();
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        state.requireOpen();
        server.names().target(address, address instanceof Address.Redelivery && !server.brokerDelays() ? 0 : -1);
        if (ActiveMqNames.ordering(address) == Ordering.TOTAL || sending.size() == 1) {
            return openSender(sending.get(0), address, options);
        }
        return new PartitionedSender(
                sending.stream().map(link -> openSender(link, address, options)).toList());
    }

    private ActiveMqSender openSender(LazyLink link, Address address, SenderOptions options) {
        String name = server.config().clientName() + "-" + numbers.incrementAndGet();
        ActiveMqSender sender =
                new ActiveMqSender(server, link, address, options.outcomeWithin(), name, senders::remove);
        senders.add(sender);
        return sender;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        state.requireOpen();
        return ActiveMqReceiver.open(server, address, options, listener);
    }

    @Override
    public Health probe(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        try {
            OpenWireLink link = administration.get(deadline.left());
            String title = server.kind().title() + " at " + link.address();
            try {
                link.ping(deadline.left());
            } catch (JMSException e) {
                link.giveUp(e);
                throw ActiveMqTranslator.error("probing " + title, e);
            }
            return Health.up(title + " answers");
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return administration.unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        state.close(timeout, deadline -> {
            for (ActiveMqSender sender : senders) {
                sender.close(deadline.left());
            }
            sending.forEach(LazyLink::close);
            administration.close();
        });
    }
}
