package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** One RabbitMQ node in a container. */
final class RabbitMqContainerBroker implements LocalBroker, OpenResources.Resource {
    static final String VERSION = "4.1";
    static final String IMAGE = "rabbitmq:" + VERSION;
    private static final int CONTAINER_PORT = 5672;

    private final BrokerOptions options;
    private final SortedMap<String, String> settings;
    private final GenericContainer<?> container;
    private final int port = Ports.free(1).get(0);
    private boolean suspended;
    private boolean closed;

    private RabbitMqContainerBroker(BrokerOptions options) {
        this.options = options;
        this.settings = RabbitMqSettings.common(options);
        // The image lets guest in from inside the container only.
        settings.putIfAbsent("loopback_users", "none");
        this.container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withCopyToContainer(
                        Transferable.of(RabbitMqSettings.file(settings)), "/etc/rabbitmq/conf.d/90-anymq.conf")
                // Node name and data folder hang on the host name, which must survive a restart.
                .withCreateContainerCmdModifier(command -> command.withHostName("anymq"))
                .waitingFor(Wait.forListeningPort())
                .withExposedPorts(CONTAINER_PORT);
        container.withStartupTimeout(options.startTimeout());
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container.setPortBindings(List.of(port + ":" + CONTAINER_PORT));
    }

    static LocalBroker start(BrokerOptions options) {
        RabbitMqContainerBroker broker = new RabbitMqContainerBroker(options);
        OpenResources.add(broker);
        try {
            broker.container.start();
            RabbitMqProbe.awaitAnswer(broker.bootstrap(), options.startTimeout());
            return broker;
        } catch (RuntimeException e) {
            BrokerStartException failure = new BrokerStartException(
                    "container " + IMAGE + " did not become ready; its last lines:\n" + broker.logTail(40), null, e);
            broker.close();
            throw failure;
        }
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.RABBITMQ;
    }

    @Override
    public String url() {
        return "rabbitmq://guest:guest@" + bootstrap();
    }

    @Override
    public String bootstrap() {
        return container.getHost() + ":" + port;
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
            RabbitMqProbe.awaitAnswer(bootstrap(), options.startTimeout());
        } catch (LocalBrokerException e) {
            throw new BrokerStartException(
                    "container " + IMAGE + " did not come back; its last lines:\n" + logTail(40), null, e);
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
        Path file = Folders.temporary(options.folder().orElse(null), "anymq-rabbitmq-")
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
                Optional.of(VERSION),
                "image " + IMAGE + ", engine API " + engine,
                settings);
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
