package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** Apache RocketMQ's ways to start. */
final class RocketMqDriver implements BrokerDriver {
    private static final String CONTAINER_CLASS = "org.testcontainers.containers.GenericContainer";
    private static final String NOT_ADVERTISED =
            "RocketMQ always tells clients its own port, so another address cannot be advertised";

    private final Settings settings;

    RocketMqDriver(Settings settings) {
        this.settings = settings;
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.ROCKETMQ;
    }

    @Override
    public Optional<String> reach(String bootstrap, Duration timeout) {
        RocketMqProbe.awaitBroker(bootstrap.split(",", -1)[0], timeout);
        return Optional.empty();
    }

    @Override
    public Optional<String> obstacleToContainer(BrokerOptions options) {
        return options.advertised().isPresent()
                ? Optional.of(NOT_ADVERTISED)
                : DockerEngine.obstacle(CONTAINER_CLASS, "org.testcontainers:testcontainers");
    }

    @Override
    public Optional<String> obstacleToProcess(BrokerOptions options) {
        return options.advertised().isPresent() ? Optional.of(NOT_ADVERTISED) : Optional.empty();
    }

    @Override
    public LocalBroker startContainer(BrokerOptions options) {
        return RocketMqContainerBroker.start(options);
    }

    @Override
    public LocalBroker startProcess(BrokerOptions options) {
        return RocketMqProcess.start(options, new MavenClassPath(settings));
    }
}
