package io.anymq.spring.testcontainers;

import org.testcontainers.kafka.KafkaContainer;

/** Connects to a {@link KafkaContainer}. */
final class KafkaContainerConnectionDetailsFactory extends BrokerContainerConnectionDetailsFactory<KafkaContainer> {
    @Override
    String url(KafkaContainer container) {
        String servers = container.getBootstrapServers();
        // some versions say PLAINTEXT:// before it
        return "kafka://" + servers.substring(servers.lastIndexOf('/') + 1);
    }
}
