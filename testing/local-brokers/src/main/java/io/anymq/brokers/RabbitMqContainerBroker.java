package io.anymq.brokers;

import java.util.List;
import java.util.SortedMap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** One RabbitMQ node in a container. */
final class RabbitMqContainerBroker extends ContainerBroker {
    static final String VERSION = "4.1";
    static final String IMAGE = "rabbitmq:" + VERSION;
    private static final int CONTAINER_PORT = 5672;

    private final int port = Ports.free(1).get(0);

    private RabbitMqContainerBroker(BrokerOptions options, SortedMap<String, String> settings) {
        super(
                BrokerKind.RABBITMQ,
                IMAGE,
                VERSION,
                options,
                settings,
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withCopyToContainer(
                                Transferable.of(RabbitMqSettings.file(settings)), "/etc/rabbitmq/conf.d/90-anymq.conf")
                        // Node name and data folder hang on the host name, which must survive a restart.
                        .withCreateContainerCmdModifier(command -> command.withHostName("anymq"))
                        .waitingFor(Wait.forListeningPort())
                        .withExposedPorts(CONTAINER_PORT));
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container().setPortBindings(List.of(port + ":" + CONTAINER_PORT));
    }

    static LocalBroker start(BrokerOptions options) {
        SortedMap<String, String> settings = RabbitMqSettings.common(options);
        // The image lets guest in from inside the container only.
        settings.putIfAbsent("loopback_users", "none");
        return start(new RabbitMqContainerBroker(options, settings));
    }

    @Override
    void awaitAnswer() {
        RabbitMqProbe.awaitAnswer(bootstrap(), options().startTimeout());
    }

    @Override
    public String url() {
        return "rabbitmq://guest:guest@" + bootstrap();
    }

    @Override
    public String bootstrap() {
        return container().getHost() + ":" + port;
    }
}
