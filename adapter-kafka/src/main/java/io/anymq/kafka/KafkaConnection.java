package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
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
import io.anymq.spi.support.CloseOnce;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Owns the admin client and the producers. One producer serves all senders with the same send time-out. */
final class KafkaConnection implements BrokerConnection {
    private static final String SILENT = "does not answer as Kafka does; check that it is a Kafka client listener"
            + " on this port, and that its use of TLS matches anymq.kafka.tls and common.security.protocol";

    private final ConnectionContext context;
    private final KafkaConfig config;
    private final Admin admin;
    private final KafkaProvisioner provisioner;
    private final String groupProtocol;
    private final Capabilities capabilities;
    private final Map<Duration, Producer<byte[], byte[]>> producers = new HashMap<>();
    private final AtomicInteger browsers = new AtomicInteger();
    private final CloseOnce state;

    private KafkaConnection(ConnectionContext context, KafkaConfig config, Admin admin, String groupProtocol) {
        this.context = context;
        this.config = config;
        this.admin = admin;
        this.groupProtocol = groupProtocol;
        this.provisioner = new KafkaProvisioner(admin, config);
        this.state = new CloseOnce("the connection to " + context.url().authority());
        this.capabilities = Capabilities.builder()
                .with(Capability.TOPICS, Support.NATIVE)
                .with(Capability.START_EARLIEST, Support.NATIVE)
                .with(Capability.PER_KEY_ORDER, Support.NATIVE)
                .with(Capability.TOTAL_ORDER, Support.NATIVE)
                .with(Capability.DELAY, Support.EMULATED)
                .with(Capability.DELIVERY_COUNT, Support.EMULATED)
                .with(Capability.DURABLE, Support.NATIVE)
                .with(Capability.BROWSE, Support.NATIVE)
                .with(Capability.ATOMIC_CHAINING, Support.UNSUPPORTED)
                .maxBodyBytes(config.maxBodyBytes())
                .build();
    }

    static KafkaConnection open(ConnectionContext context) {
        KafkaConfig config = new KafkaConfig(context);
        Deadline deadline = Deadline.after(context.connectTimeout());
        long forDiagnosis = Math.min(context.connectTimeout().toMillis() / 5, 1_000);
        String addresses = context.url().authority();
        config.requireStores();
        Admin admin;
        try {
            admin = Admin.create(config.admin(context.connectTimeout()));
        } catch (KafkaException e) {
            throw unavailableOr(addresses, e, deadline);
        }
        boolean opened = false;
        try {
            int wait = Math.max(1, deadline.millisLeft() - (int) forDiagnosis);
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(wait))
                    .nodes()
                    .get(wait, TimeUnit.MILLISECONDS);
            String protocol = groupProtocol(config, admin, deadline);
            opened = true;
            return new KafkaConnection(context, config, admin, protocol);
        } catch (ExecutionException | TimeoutException e) {
            admin.close(Duration.ZERO);
            throw unavailableOr(addresses, e, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(
                    ErrorCode.CLOSED, "interrupted while connecting to Kafka at " + addresses, true, e);
        } finally {
            if (!opened) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static MessagingException unavailableOr(String addresses, Exception failure, Deadline deadline) {
        String action = "connecting to Kafka at " + addresses;
        MessagingException error = KafkaTranslator.error(action, failure);
        return error.code() == ErrorCode.UNAVAILABLE || ServerTexts.UNKNOWN_HOSTS.isIn(error)
                ? new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        action + " failed: " + HostPort.diagnose(addresses, SILENT, deadline),
                        true,
                        failure)
                : error;
    }

    /** The newer protocol needs no rebalance of the whole group, and no initial delay; brokers have it since 4.0. */
    private static String groupProtocol(KafkaConfig config, Admin admin, Deadline deadline)
            throws InterruptedException {
        if (!config.groupProtocol().equals("auto")) {
            return config.groupProtocol();
        }
        try {
            FinalizedVersionRange version = admin.describeFeatures(
                            new DescribeFeaturesOptions().timeoutMs(deadline.millisLeft()))
                    .featureMetadata()
                    .get(deadline.millisLeft(), TimeUnit.MILLISECONDS)
                    .finalizedFeatures()
                    .get("group.version");
            return version != null && version.maxVersionLevel() >= 1 ? "consumer" : "classic";
        } catch (ExecutionException | TimeoutException e) {
            // Every broker has the classic one.
            return "classic";
        }
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
        String topic = KafkaNames.topic(address);
        provisioner.awaitLogs(provisioner.check(address));
        Producer<byte[], byte[]> producer = producer(options);
        try {
            awaitMetadata(producer, topic, Deadline.after(config.operationTimeout()));
        } catch (RuntimeException e) {
            throw KafkaTranslator.error("opening a sender to " + address, e);
        }
        return new KafkaSender(producer, topic);
    }

    /** So that the first send does not wait for it. One call waits as long as a send may, which can be very short. */
    private static void awaitMetadata(Producer<byte[], byte[]> producer, String topic, Deadline deadline) {
        while (true) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                if (deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    private synchronized Producer<byte[], byte[]> producer(SenderOptions options) {
        state.requireOpen();
        Producer<byte[], byte[]> producer = producers.get(options.outcomeWithin());
        if (producer == null) {
            String suffix = producers.isEmpty() ? "-producer" : "-producer-" + (producers.size() + 1);
            try {
                producer = new KafkaProducer<>(config.producer(options, suffix));
            } catch (KafkaException e) {
                throw KafkaTranslator.error("opening a Kafka producer", e);
            }
            producers.put(options.outcomeWithin(), producer);
        }
        return producer;
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        state.requireOpen();
        String group = KafkaNames.group(address);
        provisioner.check(address);
        KafkaTopicId topic = new KafkaTopicId(admin, KafkaNames.topic(address), config.operationTimeout());
        return KafkaReceiver.open(config, topic, group, groupProtocol, options, listener);
    }

    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        state.requireOpen();
        TopicDescription topic = provisioner.check(address);
        return KafkaBrowser.open(config, admin, topic, KafkaNames.group(address), browsers.incrementAndGet());
    }

    @Override
    public Health probe(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        String where = "Kafka at " + context.url().authority();
        try {
            DescribeClusterResult cluster =
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(deadline.millisLeft()));
            int nodes = cluster.nodes()
                    .get(deadline.millisLeft(), TimeUnit.MILLISECONDS)
                    .size();
            return nodes == 0
                    ? Health.down(where + " has no broker that is ready")
                    : Health.up(where + " answers; brokers: " + nodes);
        } catch (TimeoutException e) {
            return Health.down(where + " did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException | RuntimeException e) {
            return Health.down(
                    String.valueOf(KafkaTranslator.error("probing " + where, e).getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down("interrupted while probing " + where);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(admin) ? Optional.of(type.cast(admin)) : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        state.close(timeout, this::release);
    }

    private void release(Deadline deadline) {
        List<Producer<byte[], byte[]>> all;
        synchronized (this) {
            all = List.copyOf(producers.values());
        }
        all.forEach(producer -> producer.close(deadline.left()));
        provisioner.close(deadline.left());
        admin.close(deadline.left());
    }
}
