package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** ActiveMQ Classic or Artemis in a container, with the image's own configuration. */
final class ActiveMqContainerBroker implements LocalBroker, OpenResources.Resource {
    private static final int CONTAINER_PORT = 61616;

    private final BrokerKind kind;
    private final ActiveMqServer server;
    private final BrokerOptions options;
    private final GenericContainer<?> container;
    private boolean suspended;
    private boolean closed;

    private ActiveMqContainerBroker(BrokerKind kind, ActiveMqServer server, BrokerOptions options) {
        this.kind = kind;
        this.server = server;
        this.options = options;
        this.container = new GenericContainer<>(DockerImageName.parse(server.image()));
        container.withEnv("ANONYMOUS_LOGIN", "true");
        container.withStartupTimeout(options.startTimeout());
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container.setPortBindings(List.of(Ports.free(1).get(0) + ":" + CONTAINER_PORT));
        container.addExposedPort(CONTAINER_PORT);
    }

    static LocalBroker start(BrokerKind kind, ActiveMqServer server, BrokerOptions options) {
        ActiveMqContainerBroker broker = new ActiveMqContainerBroker(kind, server, options);
        OpenResources.add(broker);
        try {
            broker.container.start();
            ActiveMqProbe.awaitAnswer(broker.bootstrap(), options.startTimeout());
            return broker;
        } catch (RuntimeException e) {
            BrokerStartException failure = new BrokerStartException(
                    "container " + server.image() + " did not become ready; its last lines:\n" + broker.logTail(40),
                    null,
                    e);
            broker.close();
            throw failure;
        }
    }

    @Override
    public BrokerKind kind() {
        return kind;
    }

    @Override
    public String url() {
        return kind.urlScheme() + "://" + bootstrap();
    }

    @Override
    public String bootstrap() {
        return container.getHost() + ":" + container.getMappedPort(CONTAINER_PORT);
    }

    @Override
    public String listenAddress() {
        return bootstrap();
    }

    @Override
    public String directBootstrap() {
        return bootstrap();
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.values());
    }

    @Override
    public synchronized void kill() {
        if (isAlive()) {
            resume();
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public synchronized void suspend() {
        if (!suspended) {
            container
                    .getDockerClient()
                    .pauseContainerCmd(container.getContainerId())
                    .exec();
            suspended = true;
        }
    }

    @Override
    public synchronized void resume() {
        if (suspended) {
            container
                    .getDockerClient()
                    .unpauseContainerCmd(container.getContainerId())
                    .exec();
            suspended = false;
        }
    }

    @Override
    public synchronized void restart() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
        kill();
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        try {
            ActiveMqProbe.awaitAnswer(bootstrap(), options.startTimeout());
        } catch (LocalBrokerException e) {
            throw new BrokerStartException(
                    "container " + server.image() + " did not come back; its last lines:\n" + logTail(40), null, e);
        }
    }

    @Override
    public boolean isAlive() {
        return container.getContainerId() != null && container.isRunning();
    }

    @Override
    public Optional<Path> logFile() {
        return Optional.empty();
    }

    @Override
    public String logTail(int lines) {
        if (container.getContainerId() == null) {
            return "";
        }
        List<String> all = container.getLogs().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    @Override
    public synchronized void keepLogs() {
        Path file = Folders.temporary(options.folder().orElse(null), "anymq-" + kind.scheme() + "-")
                .resolve("broker.log");
        Folders.write(file, container.getLogs());
        Console.line("log kept: " + file);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public ResourceUsage usage() {
        return ResourceUsage.UNKNOWN;
    }

    @Override
    public BrokerDescription describe() {
        String engine = DockerClientFactory.instance().getActiveApiVersion();
        return new BrokerDescription(
                kind(),
                Via.TESTCONTAINERS,
                Optional.of(server.version()),
                "image " + server.image() + ", engine API " + engine,
                new TreeMap<>());
    }

    @Override
    public void abandon() {
        // Testcontainers' own reaper removes the container once this JVM is gone.
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            OpenResources.remove(this);
            container.stop();
        }
    }
}
