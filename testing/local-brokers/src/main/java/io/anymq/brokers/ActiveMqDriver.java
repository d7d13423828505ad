package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** The ways to start ActiveMQ Classic and Artemis. */
final class ActiveMqDriver implements BrokerDriver {
    private static final String CONTAINER_CLASS = "org.testcontainers.containers.GenericContainer";

    private final BrokerKind kind;
    private final ActiveMqServer server;
    private final Settings settings;

    ActiveMqDriver(BrokerKind kind, ActiveMqServer server, Settings settings) {
        this.kind = kind;
        this.server = server;
        this.settings = settings;
    }

    @Override
    public BrokerKind kind() {
        return kind;
    }

    @Override
    public Optional<ClientLibrary> client() {
        return Optional.of(ClientLibrary.ACTIVEMQ);
    }

    @Override
    public Optional<String> reach(String bootstrap, Duration timeout) {
        ActiveMqProbe.awaitAnswer(bootstrap, timeout);
        return Optional.empty();
    }

    @Override
    public Optional<String> obstacleToContainer(BrokerOptions options) {
        if (!options.settings().isEmpty() || options.advertised().isPresent()) {
            return Optional.of("broker settings and an advertised address are only supported for a process");
        }
        return DockerEngine.obstacle(CONTAINER_CLASS, "org.testcontainers:testcontainers");
    }

    @Override
    public Optional<String> obstacleToProcess(BrokerOptions options) {
        return Optional.empty();
    }

    @Override
    public LocalBroker startContainer(BrokerOptions options) {
        return ActiveMqContainerBroker.start(kind, server, options);
    }

    @Override
    public LocalBroker startProcess(BrokerOptions options) {
        return ActiveMqProcess.start(kind, server, options, new MavenClassPath(settings));
    }
}
