package io.anymq.activemq;

import io.anymq.ErrorCode;
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
import io.anymq.spi.support.Deadline;
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
    private final ActiveMqConfig config;
    private final ServerKind kind;
    private final ActiveMqNames names;
    private final boolean brokerDelays;
    private final LazyLink administration;
    private final List<LazyLink> sending;
    private final ActiveMqProvisioner provisioner;
    private final Capabilities capabilities;
    private final Set<ActiveMqSender> senders = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean closed;

    private ActiveMqConnection(ActiveMqConfig config, OpenWireLink link, ServerKind kind, boolean brokerDelays) {
        this.config = config;
        this.kind = kind;
        this.names = new ActiveMqNames(kind, config);
        this.brokerDelays = brokerDelays;
        this.administration = new LazyLink(config, link);
        this.sending = Stream.generate(() -> new LazyLink(config))
                .limit(config.sendConnections())
                .toList();
        this.provisioner = new ActiveMqProvisioner(administration, config, names, kind, brokerDelays);
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.UNSUPPORTED)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, brokerDelays ? Support.NATIVE : Support.EMULATED)
                .with(Capability.DELIVERY_COUNT, Support.NATIVE)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.ATOMIC_CHAINING, Support.NATIVE)
                .maxBodyBytes(config.maxBodyBytes(link.maxFrameBytes()))
                .build();
    }

    static ActiveMqConnection open(ConnectionContext context) {
        ActiveMqConfig config = new ActiveMqConfig(context);
        Deadline deadline = Deadline.after(context.connectTimeout());
        OpenWireLink link = OpenWireLink.open(config, context.connectTimeout());
        boolean opened = false;
        try {
            ServerKind kind = config.server().orElseGet(() -> ServerKind.of(link.brokerInfo()));
            boolean brokerDelays =
                    switch (config.delay()) {
                        case "native" -> true;
                        case "emulated" -> false;
                        // Artemis always has scheduled delivery.
                        default -> kind == ServerKind.ARTEMIS || SchedulerProbe.isOn(link, deadline);
                    };
            ActiveMqConnection connection = new ActiveMqConnection(config, link, kind, brokerDelays);
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                link.close();
            }
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {
        requireOpen();
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        requireOpen();
        names.target(address, address instanceof Address.Redelivery && !brokerDelays ? 0 : -1);
        Duration timeout = options.outcomeWithin();
        if (ActiveMqNames.ordering(address) == Ordering.TOTAL || sending.size() == 1) {
            return openSender(sending.get(0), address, timeout);
        }
        return new PartitionedSender(
                sending.stream().map(link -> openSender(link, address, timeout)).toList());
    }

    private ActiveMqSender openSender(LazyLink link, Address address, Duration timeout) {
        ActiveMqSender sender = ActiveMqSender.open(
                link,
                names,
                address,
                brokerDelays,
                timeout,
                kind == ServerKind.CLASSIC,
                config.batch(),
                config.clientName() + "-" + numbers.incrementAndGet(),
                senders::remove);
        senders.add(sender);
        return sender;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        requireOpen();
        return ActiveMqReceiver.open(config, names, address, options, listener, kind);
    }

    private void requireOpen() {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection to ActiveMQ is closed");
        }
    }

    @Override
    public Health probe(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        try {
            OpenWireLink link = administration.get(deadline.left());
            try {
                link.ping(deadline.left());
            } catch (JMSException e) {
                link.giveUp(e);
                throw ActiveMqTranslator.error("probing " + kind.title() + " at " + link.address(), e);
            }
            return Health.up(kind.title() + " at " + link.address() + " answers");
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        OpenWireLink link = administration.current();
        return link != null && type.isInstance(link.connection())
                ? Optional.of(type.cast(link.connection()))
                : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(timeout);
        for (ActiveMqSender sender : senders) {
            sender.close(deadline.left());
        }
        sending.forEach(LazyLink::close);
        administration.close();
    }
}
