package io.anymq.spring.testcontainers;

import org.testcontainers.kafka.ConfluentKafkaContainer;

/** Connects to a {@link ConfluentKafkaContainer}. */
final class ConfluentKafkaContainerConnectionDetailsFactory
        extends BrokerContainerConnectionDetailsFactory<ConfluentKafkaContainer> {
    @Override
    String url(ConfluentKafkaContainer container) {
        String servers = container.getBootstrapServers();
        // some versions say PLAINTEXT:// before it
        return "kafka://" + servers.substring(servers.lastIndexOf('/') + 1);
    }
}
