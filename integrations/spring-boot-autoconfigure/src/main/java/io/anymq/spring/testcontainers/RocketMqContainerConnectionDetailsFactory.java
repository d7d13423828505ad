package io.anymq.spring.testcontainers;

import java.util.List;
import org.testcontainers.containers.Container;

/**
 * Connects to a container of the image {@code apache/rocketmq}, or one with {@code @ServiceConnection("rocketmq")}, that
 * exposes its name server on port 9876. The broker in it must give an address that the test can reach.
 */
final class RocketMqContainerConnectionDetailsFactory extends BrokerContainerConnectionDetailsFactory<Container<?>> {
    private static final int NAME_SERVER = 9876;

    RocketMqContainerConnectionDetailsFactory() {
        super(List.of("rocketmq", "apache/rocketmq"));
    }

    @Override
    String url(Container<?> container) {
        return url("rocketmq", null, null, container.getHost(), container.getMappedPort(NAME_SERVER));
    }
}
