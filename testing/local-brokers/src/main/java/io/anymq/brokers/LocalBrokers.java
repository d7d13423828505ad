package io.anymq.brokers;

/**
 * Starts real brokers.
 *
 * <p>Three ways are tried in this order, unless one is forced: an external broker named by URL, a container, a process
 * on this machine. For Kafka the settings are {@code anymq.test.kafka.url} and {@code anymq.test.kafka.via}
 * ({@code external}, {@code testcontainers} or {@code process}), or the environment variables
 * {@code ANYMQ_TEST_KAFKA_URL} and {@code ANYMQ_TEST_KAFKA_VIA}.
 *
 * <p>Thread-safe. Every start makes a broker of its own, with free ports and an empty folder.
 *
 * <pre>{@code
 * try (LocalBroker broker = LocalBrokers.start("kafka")) {
 *     System.out.println(broker.url());
 * }
 * }</pre>
 */
public final class LocalBrokers {
    private LocalBrokers() {}

    /**
     * Starts a broker with the default options.
     *
     * @param kind the kind's name, for example {@code "kafka"}
     * @return a broker that is ready
     * @throws BrokerUnavailableException if no way is open
     * @throws BrokerStartException if it does not become ready in time
     */
    public static LocalBroker start(String kind) {
        return start(BrokerKind.of(kind));
    }

    /**
     * Starts a broker with the default options.
     *
     * @param kind the kind
     * @return a broker that is ready
     * @throws BrokerUnavailableException if no way is open
     * @throws BrokerStartException if it does not become ready in time
     */
    public static LocalBroker start(BrokerKind kind) {
        return start(kind, BrokerOptions.defaults());
    }

    /**
     * Starts a broker.
     *
     * @param kind the kind
     * @param options how to start it
     * @return a broker that is ready
     * @throws BrokerUnavailableException if no way is open
     * @throws BrokerStartException if it does not become ready in time
     * @throws LocalBrokerException if an option or a setting is malformed, or the vendor's client is missing that it
     *     takes to ask this kind of broker whether it answers
     */
    public static LocalBroker start(BrokerKind kind, BrokerOptions options) {
        Settings settings = Settings.ofThisJvm();
        return start(driver(kind, settings), options, settings);
    }

    /**
     * Says which way {@link #start(BrokerKind, BrokerOptions)} would take, without starting anything.
     *
     * @param kind the kind
     * @param options the options
     * @return the way and the reasons
     * @throws LocalBrokerException if an option or a setting is malformed
     */
    public static Detection detect(BrokerKind kind, BrokerOptions options) {
        Settings settings = Settings.ofThisJvm();
        return new Detector(driver(kind, settings), options, settings).detect();
    }

    /**
     * A port for a further listener of a broker: free, below the ephemeral range, and never given out twice by this
     * JVM.
     *
     * @return the port
     * @throws LocalBrokerException if none is found
     */
    public static int freePort() {
        return Ports.free(1).get(0);
    }

    static LocalBroker start(BrokerDriver driver, BrokerOptions options, Settings settings) {
        driver.client().ifPresent(library -> library.require(driver.kind()));
        Detection detection = new Detector(driver, options, settings).detect();
        Via via = detection
                .chosen()
                .orElseThrow(() -> new BrokerUnavailableException(
                        "no " + driver.kind().scheme() + " broker is available here: " + detection.summary(), null));
        return switch (via) {
            case EXTERNAL -> ExternalBroker.reach(driver, detection.url().orElseThrow(), options);
            case TESTCONTAINERS -> driver.startContainer(options);
            case PROCESS -> driver.startProcess(options);
        };
    }

    private static BrokerDriver driver(BrokerKind kind, Settings settings) {
        return switch (kind) {
            case KAFKA -> new KafkaDriver(settings);
            case RABBITMQ -> new RabbitMqDriver(settings);
            case ROCKETMQ -> new RocketMqDriver(settings);
            case ACTIVEMQ -> new ActiveMqDriver(kind, new ClassicServer(), settings);
            case ARTEMIS -> new ActiveMqDriver(kind, new ArtemisServer(), settings);
            case POSTGRESQL -> new PostgresDriver(settings);
        };
    }
}
