package io.anymq.brokers;

import java.util.List;
import java.util.TreeMap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** ActiveMQ Classic or Artemis in a container, with the image's own configuration. */
final class ActiveMqContainerBroker extends ContainerBroker {
    private static final int CONTAINER_PORT = 61616;

    private ActiveMqContainerBroker(BrokerKind kind, ActiveMqServer server, BrokerOptions options) {
        super(
                kind,
                server.image(),
                server.version(),
                options,
                new TreeMap<>(),
                new GenericContainer<>(DockerImageName.parse(server.image())));
        container().withEnv("ANONYMOUS_LOGIN", "true");
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container().setPortBindings(List.of(Ports.free(1).get(0) + ":" + CONTAINER_PORT));
        container().addExposedPort(CONTAINER_PORT);
    }

    static LocalBroker start(BrokerKind kind, ActiveMqServer server, BrokerOptions options) {
        return start(new ActiveMqContainerBroker(kind, server, options));
    }

    @Override
    void awaitAnswer() {
        ActiveMqProbe.awaitAnswer(bootstrap(), options().startTimeout());
    }

    @Override
    public String bootstrap() {
        return container().getHost() + ":" + container().getMappedPort(CONTAINER_PORT);
    }
}
