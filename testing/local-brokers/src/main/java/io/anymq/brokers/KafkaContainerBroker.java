package io.anymq.brokers;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** One Kafka node in a container. */
final class KafkaContainerBroker extends ContainerBroker {
    static final String IMAGE = "apache/kafka:" + KafkaProcess.VERSION;
    private static final int CONTAINER_PORT = 9092;

    private final KafkaContainer container;

    private KafkaContainerBroker(BrokerOptions options, SortedMap<String, String> settings, KafkaContainer container) {
        super(BrokerKind.KAFKA, IMAGE, KafkaProcess.VERSION, options, settings, container);
        this.container = container;
        settings.forEach((key, value) -> container.withEnv(variable(key), value));
        container.withEnv("KAFKA_HEAP_OPTS", "-Xms64m -Xmx" + options.heapMegabytes() + "m");
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container.setPortBindings(List.of(Ports.free(1).get(0) + ":" + CONTAINER_PORT));
    }

    static LocalBroker start(BrokerOptions options) {
        return start(new KafkaContainerBroker(
                options, KafkaSettings.common(options), new KafkaContainer(DockerImageName.parse(IMAGE))));
    }

    /** The image's own rule for turning a setting's name into a variable's. */
    static String variable(String key) {
        return "KAFKA_"
                + key.replace("_", "__").replace("-", "___").replace(".", "_").toUpperCase(Locale.ROOT);
    }

    @Override
    void awaitAnswer() {
        KafkaProbe.awaitAnswer(bootstrap(), options().startTimeout());
    }

    @Override
    public String bootstrap() {
        return container.getBootstrapServers();
    }
}
