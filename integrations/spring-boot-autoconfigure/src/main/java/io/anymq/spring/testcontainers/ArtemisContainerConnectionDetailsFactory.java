package io.anymq.spring.testcontainers;

import org.testcontainers.activemq.ArtemisContainer;

/** Connects to a {@link ArtemisContainer}. */
final class ArtemisContainerConnectionDetailsFactory extends BrokerContainerConnectionDetailsFactory<ArtemisContainer> {
    @Override
    String url(ArtemisContainer container) {
        return url(
                "activemq",
                container.getUser(),
                container.getPassword(),
                container.getHost(),
                container.getMappedPort(61616));
    }
}
