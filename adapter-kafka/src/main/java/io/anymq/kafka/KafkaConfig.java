package io.anymq.kafka;

import io.anymq.spi.Address;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.support.TlsStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The options under {@code anymq.kafka.}, their defaults, and the native settings that follow from them. Immutable.
 *
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@value #PARTITIONS}</td><td>12</td><td>partitions of a topic that is created, 1 to 10,000; always 1 with
 * total order</td></tr>
 * <tr><td>{@value #REPLICATION_FACTOR}</td><td>-1</td><td>copies of a topic that is created; -1: as the broker is
 * configured</td></tr>
 * <tr><td>{@value #MAX_MESSAGE}</td><td>2MiB</td><td>largest record with key and headers</td></tr>
 * <tr><td>{@value #GROUP_PROTOCOL}</td><td>auto</td><td>{@code consumer}, {@code classic}, or the newer one that the
 * broker has</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TLS}</td><td>false</td><td>connect with TLS: {@code SSL}, or {@code
 * SASL_SSL} where {@code common.sasl.mechanism} is set</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#VERIFY_HOST}</td><td>true</td><td>refuse a certificate
 * that is made out to another host</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TRUST_STORE},
 * {@value io.anymq.spi.support.TlsStores#TRUST_STORE_PASSWORD}</td><td>the JVM's</td><td>PKCS#12
 * or JKS file of the authorities to trust</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#KEY_STORE},
 * {@value io.anymq.spi.support.TlsStores#KEY_STORE_PASSWORD}</td><td>none</td><td>PKCS#12 or
 * JKS file of the client's own certificate</td></tr>
 * <tr><td>{@code common.*}, {@code producer.*}, {@code consumer.*}, {@code admin.*}, {@code topic.*}</td><td></td>
 * <td>Kafka's own settings, for all clients, one kind of client, or topics that are created</td></tr>
 * </table>
 *
 * <pre>{@code
 * anymq.url=kafka://one:9092,two:9092
 * anymq.kafka.replication-factor=3
 * anymq.kafka.tls=true
 * anymq.kafka.topic.min.insync.replicas=2
 * }</pre>
 */
public final class KafkaConfig {
    /** Partitions of a topic that is created. */
    public static final String PARTITIONS = "partitions";

    /** Copies of a topic that is created. */
    public static final String REPLICATION_FACTOR = "replication-factor";

    /** Largest record with its key and headers. */
    public static final String MAX_MESSAGE = "max-message";

    /** The protocol by which consumers of a group share the partitions. */
    public static final String GROUP_PROTOCOL = "group-protocol";

    static final String COMMON = "common.";
    static final String PRODUCER = "producer.";
    static final String CONSUMER = "consumer.";
    static final String ADMIN = "admin.";
    static final String TOPIC = "topic.";

    /** The room a record needs besides its body: headers of 16 KiB, a key, an id and Kafka's own framing. */
    private static final int ROOM_BESIDE_BODY = 32 * 1024;

    /** The most that AnyMQ's headers add to a message that is stored again. */
    private static final int ROOM_FOR_COPY = 64 * 1024;

    private static final int MOST_COPIES = 4;
    private static final String DEAD = "-dead";

    private static final int MOST_PER_POLL = 1_000;

    private final ConnectionContext context;
    private final ConfigValues config;

    KafkaConfig(ConnectionContext context) {
        this.context = context;
        this.config = context.config();
    }

    /** All options, with their bounds. */
    public static List<ConfigOption> options() {
        List<ConfigOption> options = new ArrayList<>(List.of(
                ConfigOption.number(
                        PARTITIONS, 12, 1, 10_000, "number of partitions of created topics; always 1 with total order"),
                ConfigOption.number(
                        REPLICATION_FACTOR,
                        -1,
                        -1,
                        Short.MAX_VALUE,
                        "replication factor of created topics; -1 for the broker's default"),
                ConfigOption.size(
                        MAX_MESSAGE,
                        "2MiB",
                        2L * ROOM_BESIDE_BODY,
                        1L << 30,
                        "maximum size of a record with its key and headers, 32 KiB more than the largest body"),
                ConfigOption.choice(
                        GROUP_PROTOCOL,
                        "auto",
                        List.of("auto", "consumer", "classic"),
                        "group protocol of consumers; auto uses the newest that the broker supports"),
                ConfigOption.passThrough(
                        COMMON, KafkaSettingsCheck.commonNames(), "Kafka settings for all clients, such as security"),
                ConfigOption.passThrough(PRODUCER, KafkaSettingsCheck.producerNames(), "Kafka producer settings"),
                ConfigOption.passThrough(CONSUMER, KafkaSettingsCheck.consumerNames(), "Kafka consumer settings"),
                ConfigOption.passThrough(ADMIN, KafkaSettingsCheck.adminNames(), "Kafka admin client settings"),
                ConfigOption.passThrough(TOPIC, KafkaSettingsCheck.topicNames(), "Kafka settings of created topics")));
        options.addAll(TlsStores.options());
        return options;
    }

    int partitions() {
        return (int) config.number(PARTITIONS);
    }

    short replicationFactor() {
        return (short) config.number(REPLICATION_FACTOR);
    }

    int maxMessageBytes() {
        return (int) config.size(MAX_MESSAGE);
    }

    int maxBodyBytes() {
        return maxMessageBytes() - ROOM_BESIDE_BODY;
    }

    String groupProtocol() {
        return config.text(GROUP_PROTOCOL).orElse("auto");
    }

    String clientName() {
        return context.clientName();
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    /**
     * Settings of a topic that is created. What AnyMQ stores again, as a dead letter or for a retry, says more than its
     * original, which may be as large as its topic takes: such topics take more than that.
     */
    Map<String, String> topic(Address address) {
        Map<String, String> settings = new HashMap<>();
        int largest = maxMessageBytes() + Math.min(MOST_COPIES, copies(address)) * ROOM_FOR_COPY;
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largest));
        settings.putAll(config.passThrough(TOPIC));
        return settings;
    }

    /** How often a message has been stored again when it comes to {@code address}. */
    private static int copies(Address address) {
        if (address instanceof Address.Redelivery redelivery) {
            return copies(redelivery.origin()) + 1;
        }
        if (!(address instanceof Address.OfQueue of)) {
            return 0;
        }
        int copies = 0;
        String name = of.queue().name();
        while (name.endsWith(DEAD)) {
            copies++;
            name = name.substring(0, name.length() - DEAD.length());
        }
        return copies;
    }

    Map<String, Object> admin(Duration firstAnswer) {
        Map<String, Object> settings = base("-admin");
        int request = millis(firstAnswer, 1_000, 30_000);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1_000, request / 2));
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.max(request, millis(context.operationTimeout(), 1_000, Integer.MAX_VALUE)));
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, (long) Math.max(500, request / 2));
        overlay(settings, ADMIN);
        return settings;
    }

    /**
     * A send may wait for metadata or memory first, then for the answer; both together take no longer than an outcome
     * may.
     */
    Map<String, Object> producer(SenderOptions options, String suffix) {
        int total = millis(options.outcomeWithin(), 90, Integer.MAX_VALUE);
        int block = Math.min(total / 4, 5_000);
        int delivery = total - block;
        Map<String, Object> settings = base(suffix);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(64L << 20, 4L * maxMessageBytes()));
        overlay(settings, PRODUCER);
        settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        // Both are yours up to what fits; Kafka refuses a producer whose delivery must end before its request.
        long linger = Math.min(number(settings, ProducerConfig.LINGER_MS_CONFIG), delivery / 2);
        long request = Math.min(number(settings, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), delivery - linger);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, linger);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.max(1, request));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) block);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxMessageBytes() + MOST_COPIES * ROOM_FOR_COPY);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return settings;
    }

    Map<String, Object> consumer(String group, ReceiverOptions options, String protocol) {
        Map<String, Object> settings = base("");
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, options.name());
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        if (protocol.equals("classic")) {
            settings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        }
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(options.maxInFlight(), MOST_PER_POLL));
        // What a broker sends in advance; a record that is larger comes all the same, alone.
        int ahead = (int) Math.max(1, Math.min(ConsumerConfig.DEFAULT_FETCH_MAX_BYTES, options.maxInFlightBytes() / 4));
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, ahead);
        settings.put(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Math.min(ahead, Math.max(ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES, maxMessageBytes())));
        settings.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis(context.operationTimeout(), 1_000, Integer.MAX_VALUE));
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(context.operationTimeout(), 1_000, 30_000));
        overlay(settings, CONSUMER);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A subscription's start is written when it is provisioned; this is for partitions added later, for queues, and
        // for offsets that the broker no longer holds. Starting at the end would skip messages.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }

    /** For a consumer without a group that reads a topic of AnyMQ's own. */
    Map<String, Object> reader(String suffix) {
        Map<String, Object> settings = base(suffix);
        overlay(settings, CONSUMER);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }

    /** For a look at a topic of the user's, in bounded memory. */
    Map<String, Object> browser(String suffix) {
        Map<String, Object> settings = reader(suffix);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
        return settings;
    }

    private Map<String, Object> base(String suffix) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, context.url().authority());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, context.clientName() + suffix);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50L);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        return settings;
    }

    private void overlay(Map<String, Object> settings, String prefix) {
        settings.putAll(config.passThrough(COMMON));
        settings.putAll(config.passThrough(prefix));
        settings.putAll(KafkaTls.settings(config));
    }

    /**
     * Opens the stores of TLS, which Kafka's client does again and reports less clearly.
     *
     * @throws io.anymq.MessagingException CONFIGURATION, if a file or its password is wrong
     */
    void requireStores() {
        Optional<TlsStores> unused = TlsStores.ifOn(config);
    }

    private static long number(Map<String, Object> settings, String name) {
        return Long.parseLong(String.valueOf(settings.get(name)).trim());
    }

    private static int millis(Duration duration, int least, int most) {
        return (int) Math.max(least, Math.min(most, duration.toMillis()));
    }
}
