package io.anymq.tck.flaw;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.tck.wrap.ForwardingConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** Defects of connecting, provisioning and of what is said about it. */
public final class ConnectionFlaws {
    /** Reachable, or the garbage collector would mend the flaw. */
    static final List<InputStream> LEAKED = new CopyOnWriteArrayList<>();

    private ConnectionFlaws() {}

    static UnaryOperator<BrokerConnection> readdressing(UnaryOperator<Address> change) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                super.provision(change.apply(address), mode);
            }

            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return super.openSender(change.apply(address), options);
            }

            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return super.openReceiver(change.apply(address), options, listener);
            }
        };
    }

    static UnaryOperator<BrokerConnection> sharesOneCopy() {
        return readdressing(address -> address instanceof Address.OfSubscription of
                ? new Address.OfSubscription(of.subscription().topic().subscription("shared"))
                : address);
    }

    static UnaryOperator<BrokerConnection> confusesSimilarNames() {
        return readdressing(address -> address instanceof Address.OfQueue of
                ? new Address.OfQueue(new Queue(
                        of.queue().name().toLowerCase(Locale.ROOT), of.queue().ordering()))
                : address);
    }

    static UnaryOperator<BrokerConnection> keepsKindsApart() {
        return readdressing(address -> {
            if (address instanceof Address.OfTopic of) {
                return new Address.OfTopic(asTopic(of.topic()));
            }
            return address instanceof Address.OfSubscription of
                    ? new Address.OfSubscription(asTopic(of.subscription().topic())
                            .subscription(of.subscription().name()))
                    : address;
        });
    }

    private static Topic asTopic(Topic topic) {
        return new Topic(topic.name() + "-topic", topic.ordering());
    }

    static UnaryOperator<BrokerConnection> comparesWithItselfOnly() {
        return lenient((declared, mode) -> !declared);
    }

    static UnaryOperator<BrokerConnection> forgetsToValidate() {
        return lenient((declared, mode) -> mode == ProvisionMode.VALIDATE);
    }

    /**
     * Accepts other declarations under a condition: whether this connection has provisioned the destination before, and
     * the mode.
     */
    private static UnaryOperator<BrokerConnection> lenient(BiPredicate<Boolean, ProvisionMode> accepts) {
        return connection -> new ForwardingConnection(connection) {
            private final Set<String> declared = ConcurrentHashMap.newKeySet();

            @Override
            public void provision(Address address, ProvisionMode mode) {
                try {
                    super.provision(address, mode);
                    declared.add(address.toString());
                } catch (MessagingException e) {
                    if (e.code() != ErrorCode.MISMATCH || !accepts.test(declared.contains(address.toString()), mode)) {
                        throw e;
                    }
                }
            }
        };
    }

    static UnaryOperator<BrokerConnection> startsAtFirstConsumer() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                boolean ofSubscription = address instanceof Address.OfSubscription
                        || (address instanceof Address.Redelivery back && back.source() instanceof Subscription);
                if (!ofSubscription) {
                    super.provision(address, mode);
                }
            }

            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                super.provision(address, ProvisionMode.CREATE);
                return super.openReceiver(address, options, listener);
            }
        };
    }

    static UnaryOperator<BrokerConnection> swallowsNotFound() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                super.provision(address, ProvisionMode.CREATE);
            }
        };
    }

    /** Declares one capability otherwise than the adapter does; not a flaw where it declares less. */
    public static UnaryOperator<BrokerConnection> declaring(Capability capability, Support support) {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public Capabilities capabilities() {
                return super.capabilities().with(capability, support);
            }
        };
    }

    static UnaryOperator<BrokerConnection> liesAboutACapability() {
        return connection ->
                new ForwardingConnection(
                        declaring(Capability.START_EARLIEST, Support.NATIVE).apply(connection)) {
                    @Override
                    public void provision(Address address, ProvisionMode mode) {
                        super.provision(fromNow(address), mode);
                    }
                };
    }

    private static Address fromNow(Address address) {
        if (address instanceof Address.OfSubscription of) {
            Subscription asked = of.subscription();
            return new Address.OfSubscription(new Subscription(asked.topic(), asked.name(), StartPosition.NOW));
        }
        return address;
    }

    static UnaryOperator<BrokerConnection> changesItsMind() {
        AtomicInteger connections = new AtomicInteger();
        return connection -> declaring(
                        Capability.DURABLE,
                        connections.incrementAndGet() % 2 == 0 ? Support.NATIVE : Support.UNSUPPORTED)
                .apply(connection);
    }

    static UnaryOperator<BrokerConnection> alwaysHealthy() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public Health probe(Duration timeout) {
                return Health.up("surely");
            }
        };
    }

    static UnaryOperator<BrokerConnection> leaksAThread() {
        return connection -> {
            Thread leaked = new Thread(() -> LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1)), "anymq-leaked");
            leaked.setDaemon(true);
            leaked.start();
            return new ForwardingConnection(connection);
        };
    }

    static UnaryOperator<BrokerConnection> keepsTheProcessAlive() {
        return connection -> {
            Thread kept = new Thread(() -> LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1)), "vendor-thread");
            kept.setDaemon(false);
            return new ForwardingConnection(connection) {
                @Override
                public BrokerSender openSender(Address address, SenderOptions options) {
                    if (kept.getState() == Thread.State.NEW) {
                        kept.start();
                    }
                    return super.openSender(address, options);
                }

                @Override
                public void close(Duration timeout) {
                    LockSupport.unpark(kept);
                    super.close(timeout);
                }
            };
        };
    }

    static UnaryOperator<BrokerConnection> leaksAFile() {
        return leaksFiles(1);
    }

    /** Every so many connections leave none. */
    static UnaryOperator<BrokerConnection> leaksMostFiles() {
        return leaksFiles(8);
    }

    private static UnaryOperator<BrokerConnection> leaksFiles(int exception) {
        AtomicInteger connections = new AtomicInteger();
        return connection -> {
            if (exception > 1 && connections.getAndIncrement() % exception == 0) {
                return new ForwardingConnection(connection);
            }
            try {
                Path file = Files.createTempFile("anymq-tck-", ".leaked");
                LEAKED.add(Files.newInputStream(file));
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ForwardingConnection(connection);
        };
    }

    static UnaryOperator<BrokerConnection> throwsOnUnwrap() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public <V> Optional<V> unwrap(Class<V> type) {
                throw new ClassCastException("not a " + type);
            }
        };
    }

    /** While the broker is away, that is. */
    static UnaryOperator<BrokerConnection> hangsOnClose() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void close(Duration timeout) {
                while (super.probe(Duration.ofMillis(100)).status() != Health.Status.UP) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
                super.close(timeout);
            }
        };
    }
}
