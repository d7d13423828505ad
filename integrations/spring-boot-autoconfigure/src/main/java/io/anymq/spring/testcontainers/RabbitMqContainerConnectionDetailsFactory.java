package io.anymq.spring.testcontainers;

import org.testcontainers.rabbitmq.RabbitMQContainer;

/** Connects to a {@link RabbitMQContainer}. */
final class RabbitMqContainerConnectionDetailsFactory
        extends BrokerContainerConnectionDetailsFactory<RabbitMQContainer> {
    @Override
    String url(RabbitMQContainer container) {
        return url(
                "rabbitmq",
                container.getAdminUsername(),
                container.getAdminPassword(),
                container.getHost(),
                container.getAmqpPort());
    }
}
