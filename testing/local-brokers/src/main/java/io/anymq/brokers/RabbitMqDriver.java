package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** RabbitMQ's ways to start. */
final class RabbitMqDriver implements BrokerDriver {
    private static final String CONTAINER_CLASS = "org.testcontainers.containers.GenericContainer";

    private final RabbitMqInstallation installation;

    RabbitMqDriver(Settings settings) {
        this.installation = new RabbitMqInstallation(settings);
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.RABBITMQ;
    }

    @Override
    public Optional<String> reach(String bootstrap, Duration timeout) {
        return Optional.of(RabbitMqProbe.awaitAnswer(bootstrap, timeout));
    }

    @Override
    public Optional<String> obstacleToContainer(BrokerOptions options) {
        if (options.advertised().isPresent()) {
            return Optional.of("an advertised address is only supported for a process");
        }
        return DockerEngine.obstacle(CONTAINER_CLASS, "org.testcontainers:testcontainers");
    }

    @Override
    public Optional<String> obstacleToProcess(BrokerOptions options) {
        return installation.obstacle();
    }

    @Override
    public LocalBroker startContainer(BrokerOptions options) {
        return RabbitMqContainerBroker.start(options);
    }

    @Override
    public LocalBroker startProcess(BrokerOptions options) {
        return RabbitMqProcess.start(options, installation);
    }
}
