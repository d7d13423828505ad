package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** Apache Kafka's ways to start. */
final class KafkaDriver implements BrokerDriver {
    private static final String CONTAINER_CLASS = "org.testcontainers.kafka.KafkaContainer";

    private final Settings settings;

    KafkaDriver(Settings settings) {
        this.settings = settings;
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.KAFKA;
    }

    @Override
    public Optional<ClientLibrary> client() {
        return Optional.of(ClientLibrary.KAFKA);
    }

    @Override
    public Optional<String> reach(String bootstrap, Duration timeout) {
        KafkaProbe.awaitAnswer(bootstrap, timeout);
        return Optional.empty();
    }

    @Override
    public Optional<String> obstacleToContainer(BrokerOptions options) {
        if (options.advertised().isPresent()) {
            return Optional.of("an advertised address is only supported for a process");
        }
        return DockerEngine.obstacle(CONTAINER_CLASS, "org.testcontainers:testcontainers-kafka");
    }

    @Override
    public Optional<String> obstacleToProcess(BrokerOptions options) {
        return Optional.empty();
    }

    @Override
    public LocalBroker startContainer(BrokerOptions options) {
        return KafkaContainerBroker.start(options);
    }

    @Override
    public LocalBroker startProcess(BrokerOptions options) {
        return KafkaProcess.start(options, new MavenClassPath(settings));
    }
}
