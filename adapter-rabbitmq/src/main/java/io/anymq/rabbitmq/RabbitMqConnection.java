package io.anymq.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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

    /** Calls that wait for the server; they must not hold up the worker's clock, late writes and reconnecting. */
    private final ExecutorService calls;

    private volatile boolean mayCreate;
    private volatile boolean closed;
    private @Nullable Future<Health> probe;

    private RabbitMqConnection(ConnectionContext context) {
        this.config = new RabbitMqConfig(context);
        AtomicInteger number = new AtomicInteger();
        this.worker = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "anymq-rabbitmq-" + context.clientName() + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        worker.setRemoveOnCancelPolicy(true);
        this.calls = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "anymq-rabbitmq-" + context.clientName() + "-call");
            thread.setDaemon(true);
            return thread;
        });
        this.publishing = new RabbitMqLink(config, "publish", worker);
        this.consuming = new RabbitMqLink(config, "consume", worker);
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
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
    }

    static RabbitMqConnection open(ConnectionContext context) {
        RabbitMqConnection connection = new RabbitMqConnection(context);
        boolean opened = false;
        try {
            Deadline deadline = Deadline.after(context.connectTimeout());
            RabbitMqServer.of(connection.consuming.connect(deadline)).requireSupported(connection.config.where());
            connection.publishing.connect(deadline);
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
        requireOpen();
        mayCreate |= mode == ProvisionMode.CREATE;
        provisioner.provision(address, mode);
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        requireOpen();
        provisioner.check(address);
        RabbitMqSender sender = new RabbitMqSender(
                this, publishing, new RabbitMqRoute(address, provisioner.lanes(address), delays), options);
        sender.open();
        senders.add(sender);
        return sender;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        requireOpen();
        provisioner.requireOrder(address);
        List<String> queues = provisioner.queues(address);
        AttemptRecord attempts = new AttemptRecord(
                publishing, RabbitMqNames.attempts(queues.get(0)), mayCreate, config.operationTimeout());
        RabbitMqReceiver receiver = new RabbitMqReceiver(
                this,
                consuming,
                config,
                options,
                listener,
                attempts,
                queues.size(),
                RabbitMqNames.ordering(address) != Ordering.UNORDERED);
        receiver.open(queues, RabbitMqNames.members(queues.get(0)));
        return receiver;
    }

    private void requireOpen() {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection to " + config.where() + " is closed");
        }
    }

    void forget(RabbitMqSender sender) {
        senders.remove(sender);
    }

    /** Closes a channel in the background. */
    void dispose(Channel channel) {
        try {
            calls.execute(() -> discard(channel));
        } catch (RejectedExecutionException closing) {
            LOG.trace("The channel closes with its connection", closing);
        }
    }

    /** Something that talks to the server. */
    interface Call {
        void run() throws IOException;
    }

    /**
     * Runs something that would block longer than there is time.
     *
     * @throws IOException if it fails so, or is not done in time; it then goes on by itself
     */
    void run(Call call, Duration timeout) throws IOException {
        try {
            calls.submit(() -> {
                        call.run();
                        return true;
                    })
                    .get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Closes channels and waits for the server's answers, no longer than this. */
    void discardAll(List<Channel> channels, Duration timeout) {
        if (closed) {
            return;
        }
        try {
            run(() -> channels.forEach(RabbitMqConnection::discard), timeout);
        } catch (IOException e) {
            LOG.warn("Could not close channels in time: {}; they close with their connection", e.getMessage());
        }
    }

    static void discard(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.close();
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.debug("A channel was closed already", e);
        }
    }

    @Override
    public Health probe(Duration timeout) {
        Future<Health> asked;
        synchronized (this) {
            if (closed) {
                return Health.down("the connection to " + config.where() + " is closed");
            }
            Future<Health> current = probe;
            if (current == null || current.isDone()) {
                current = calls.submit(this::look);
                probe = current;
            }
            asked = current;
        }
        try {
            return asked.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Health.down(config.where() + " did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return Health.down("the health check of " + config.where() + " failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down("interrupted during the health check of " + config.where());
        }
    }

    private Health look() {
        String alarm = publishing.blocked();
        try {
            discard(consuming.channel());
            if (alarm == null) {
                discard(publishing.channel());
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
            return Optional.of(type.cast(publishing.get()));
        } catch (MessagingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close(Duration timeout) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Deadline deadline = Deadline.after(timeout);
        // The vendor's close methods give up at once on an interrupted thread and would leave theirs running.
        boolean interrupted = Thread.interrupted();
        try {
            for (RabbitMqSender sender : senders) {
                sender.close(deadline.left());
            }
            publishing.close(deadline.left());
            consuming.close(deadline.left());
            calls.shutdownNow();
            worker.shutdownNow();
            if (!worker.awaitTermination(Math.max(100, deadline.millisLeft()), TimeUnit.MILLISECONDS)
                    || !calls.awaitTermination(Math.max(100, deadline.millisLeft()), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "A thread of the connection to {} is still running; it ends with its current call",
                        config.where());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
