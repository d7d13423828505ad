package io.anymq.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
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
import io.anymq.spi.support.AdapterThreads;
import io.anymq.spi.support.AttemptCounts;
import io.anymq.spi.support.BlockingCalls;
import io.anymq.spi.support.CloseOnce;
import io.anymq.spi.support.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two TCP connections, since the server stops reading from one that publishes while it is on alarm, and acknowledgements
 * must not stop with it.
 */
final class RabbitMqConnection implements BrokerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqConnection.class);
    private static final long TICK_MILLIS = 50;

    /** Ticks must go on while both connections reconnect and a late write waits for the server to read. */
    private static final int THREADS = 4;

    private final RabbitMqConfig config;
    private final ScheduledThreadPoolExecutor worker;
    private final RabbitMqLink publishing;
    private final RabbitMqLink consuming;
    private final DelayQueues delays;
    private final RabbitMqProvisioner provisioner;
    private final Capabilities capabilities;
    private final Set<RabbitMqSender> senders = ConcurrentHashMap.newKeySet();
    /** By queue: what handlers of this client have begun outlives a lost connection. */
    private final Map<String, AttemptCounts> counts = new ConcurrentHashMap<>();

    /** Calls that wait for the server; they must not hold up the worker's clock, late writes and reconnecting. */
    private final BlockingCalls calls;

    private final CloseOnce state;

    private RabbitMqConnection(ConnectionContext context) {
        this.config = new RabbitMqConfig(context);
        this.state = new CloseOnce("the connection to " + config.where());
        String threads = "anymq-rabbitmq-" + context.clientName();
        this.worker = new ScheduledThreadPoolExecutor(THREADS, AdapterThreads.daemons(threads));
        worker.setRemoveOnCancelPolicy(true);
        this.calls = new BlockingCalls(threads + "-call");
        this.publishing = new RabbitMqLink(config, "publish", worker, calls);
        this.consuming = new RabbitMqLink(config, "consume", worker, calls);
        this.delays = new DelayQueues(publishing);
        this.provisioner = new RabbitMqProvisioner(consuming, config, delays);
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.UNSUPPORTED)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.NATIVE)
                .with(Capability.DELIVERY_COUNT, Support.EMULATED)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.BROWSE, Support.EMULATED)
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
    }

    static RabbitMqConnection open(ConnectionContext context) {
        RabbitMqConnection connection = new RabbitMqConnection(context);
        boolean opened = false;
        try {
            Deadline deadline = Deadline.after(context.connectTimeout());
            RabbitMqServer.of(connection.consuming.connect(deadline.left()).connection())
                    .requireSupported(connection.config.where());
            connection.publishing.connect(deadline.left());
            var unused = connection.worker.scheduleWithFixedDelay(
                    connection::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                connection.close(Duration.ofMillis(500));
            }
        }
    }

    private void tick() {
        long now = System.nanoTime();
        for (RabbitMqSender sender : senders) {
            try {
                sender.tick(now);
            } catch (Throwable e) {
                // It would end the timer, and with it every other sender's time-outs.
                LOG.error("Could not end sends that have timed out; trying again in {} ms", TICK_MILLIS, e);
            }
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
        provisioner.check(address);
        RabbitMqRoute route = new RabbitMqRoute(address, provisioner.lanes(address), delays);
        RabbitMqSender sender = new RabbitMqSender(publishing, route, options, senders::remove);
        sender.open();
        senders.add(sender);
        return sender;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        state.requireOpen();
        provisioner.requireOrder(address);
        List<String> queues = provisioner.queues(address);
        String first = queues.get(0);
        AttemptRecord attempts = attempts(first);
        RabbitMqReceiver receiver = new RabbitMqReceiver(
                consuming,
                address.ordering() == Ordering.UNORDERED,
                Math.min(options.maxInFlight(), config.lanePrefetch()),
                options.name(),
                listener,
                attempts);
        receiver.open(queues, HelperQueue.members(first, config.quorum(), delays.mayCreate()));
        return receiver;
    }

    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        state.requireOpen();
        provisioner.check(address);
        provisioner.requireReturns(address);
        List<String> queues = provisioner.queues(address);
        Connection own = new RabbitMqConnector(config, "look", worker)
                .open(config.operationTimeout())
                .connection();
        return new RabbitMqBrowser(own, queues, attempts(queues.get(0)), config.operationTimeout());
    }

    private AttemptRecord attempts(String first) {
        return new AttemptRecord(
                publishing,
                HelperQueue.attempts(first, config.quorum(), delays.mayCreate()),
                config.operationTimeout(),
                counts.computeIfAbsent(first, queue -> new AttemptCounts()));
    }

    @Override
    public Health probe(Duration timeout) {
        return calls.probe(config.where(), timeout, this::look);
    }

    private Health look() {
        String alarm = publishing.blocked();
        try {
            RabbitMqLink.discard(consuming.channel());
            if (alarm == null) {
                RabbitMqLink.discard(publishing.channel());
            } else {
                // The server would not read the question.
                publishing.get();
            }
        } catch (MessagingException e) {
            return Health.down(String.valueOf(e.getMessage()));
        }
        return alarm == null
                ? Health.up(config.where() + " answers")
                : Health.degraded(config.where() + " takes no messages, it is on alarm (" + alarm
                        + "): free memory or disk space there");
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        if (type != Connection.class) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.cast(publishing.get().connection()));
        } catch (MessagingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close(Duration timeout) {
        state.close(timeout, this::close);
    }

    private void close(Deadline deadline) {
        for (RabbitMqSender sender : senders) {
            sender.close(deadline.left());
        }
        publishing.close(deadline.left());
        consuming.close(deadline.left());
        worker.shutdownNow();
        try {
            boolean ended = calls.close(deadline);
            if (!worker.awaitTermination(Math.max(100, deadline.millisLeft()), TimeUnit.MILLISECONDS) || !ended) {
                LOG.warn(
                        "A thread of the connection to {} is still running; it ends with its current call",
                        config.where());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
