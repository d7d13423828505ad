package io.anymq.brokers;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container. */
final class PostgresContainerBroker extends ContainerBroker {
    static final String VERSION = "17";
    static final String IMAGE = "postgres:" + VERSION;
    private static final int CONTAINER_PORT = 5432;

    private PostgresContainerBroker(BrokerOptions options, SortedMap<String, String> settings) {
        super(
                BrokerKind.POSTGRESQL,
                IMAGE,
                VERSION,
                options,
                settings,
                new GenericContainer<>(DockerImageName.parse(IMAGE)));
        List<String> command = new ArrayList<>(List.of("postgres"));
        command.addAll(PostgresSettings.flags(settings));
        container().withEnv("POSTGRES_HOST_AUTH_METHOD", "trust").withCommand(command.toArray(new String[0]));
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container().setPortBindings(List.of(Ports.free(1).get(0) + ":" + CONTAINER_PORT));
        container().addExposedPort(CONTAINER_PORT);
    }

    static LocalBroker start(BrokerOptions options) {
        return start(new PostgresContainerBroker(options, PostgresSettings.of(options)));
    }

    @Override
    void awaitAnswer() {
        String unused = PostgresProbe.awaitAnswer(bootstrap(), options().startTimeout());
    }

    @Override
    public String url() {
        return "postgresql://postgres@" + bootstrap();
    }

    @Override
    public String bootstrap() {
        return container().getHost() + ":" + container().getMappedPort(CONTAINER_PORT);
    }
}
