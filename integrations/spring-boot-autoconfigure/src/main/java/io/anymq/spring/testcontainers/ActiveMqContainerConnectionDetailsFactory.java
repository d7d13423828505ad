package io.anymq.spring.testcontainers;

import org.testcontainers.activemq.ActiveMQContainer;

/** Connects to a {@link ActiveMQContainer}. */
final class ActiveMqContainerConnectionDetailsFactory
        extends BrokerContainerConnectionDetailsFactory<ActiveMQContainer> {
    @Override
    String url(ActiveMQContainer container) {
        return url(
                "activemq",
                container.getUser(),
                container.getPassword(),
                container.getHost(),
                container.getMappedPort(61616));
    }
}
