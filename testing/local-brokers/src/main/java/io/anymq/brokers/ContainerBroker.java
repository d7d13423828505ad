package io.anymq.brokers;

import com.github.dockerjava.api.DockerClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A broker in a container. A vendor's own class defines the container's content, the readiness check and the addresses
 * there are; faults, logs and the end are the same for all.
 */
abstract class ContainerBroker implements LocalBroker, OpenResources.Resource {
    private static final int LINES_IN_ERROR = 40;

    private final BrokerKind kind;
    private final String image;
    private final String version;
    private final BrokerOptions options;
    private final SortedMap<String, String> settings;
    private final GenericContainer<?> container;
    private boolean suspended;
    private boolean closed;

    /** Starts nothing yet. */
    ContainerBroker(
            BrokerKind kind,
            String image,
            String version,
            BrokerOptions options,
            SortedMap<String, String> settings,
            GenericContainer<?> container) {
        this.kind = kind;
        this.image = image;
        this.version = version;
        this.options = options;
        this.settings = settings;
        this.container = container;
        container.withStartupTimeout(options.startTimeout());
    }

    static LocalBroker start(ContainerBroker broker) {
        OpenResources.add(broker);
        try {
            broker.container().start();
            broker.awaitAnswer();
            return broker;
        } catch (RuntimeException e) {
            BrokerStartException failure = broker.failure("did not become ready", e);
            broker.close();
            throw failure;
        }
    }

    /**
     * Waits until the broker in the running container answers in its own protocol.
     *
     * @throws LocalBrokerException if it does not in time
     */
    abstract void awaitAnswer();

    final BrokerOptions options() {
        return options;
    }

    final GenericContainer<?> container() {
        return container;
    }

    private BrokerStartException failure(String what, RuntimeException cause) {
        return new BrokerStartException(
                "container " + image + " " + what + "; its last lines:\n" + logTail(LINES_IN_ERROR), null, cause);
    }

    private DockerClient engine() {
        return container.getDockerClient();
    }

    @Override
    public final BrokerKind kind() {
        return kind;
    }

    @Override
    public String url() {
        return kind.urlScheme() + "://" + bootstrap();
    }

    @Override
    public String listenAddress() {
        return bootstrap();
    }

    @Override
    public final String directBootstrap() {
        return bootstrap();
    }

    @Override
    public final Set<Fault> faults() {
        return Set.of(Fault.values());
    }

    @Override
    public final synchronized void kill() {
        if (isAlive()) {
            resume();
            engine().killContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public final synchronized void suspend() {
        if (!suspended) {
            engine().pauseContainerCmd(container.getContainerId()).exec();
            suspended = true;
        }
    }

    @Override
    public final synchronized void resume() {
        if (suspended) {
            engine().unpauseContainerCmd(container.getContainerId()).exec();
            suspended = false;
        }
    }

    @Override
    public final synchronized void restart() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
        kill();
        engine().startContainerCmd(container.getContainerId()).exec();
        try {
            awaitAnswer();
        } catch (LocalBrokerException e) {
            throw failure("did not become ready again", e);
        }
    }

    @Override
    public final boolean isAlive() {
        return container.getContainerId() != null && container.isRunning();
    }

    @Override
    public final Optional<Path> logFile() {
        return Optional.empty();
    }

    @Override
    public final String logTail(int lines) {
        if (container.getContainerId() == null) {
            return "";
        }
        List<String> all = container.getLogs().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    @Override
    public final synchronized void keepLogs() {
        Path file = Folders.temporary(options.folder().orElse(null), "anymq-" + kind.scheme() + "-")
                .resolve("broker.log");
        Folders.write(file, container.getLogs());
        Console.line("log kept: " + file);
    }

    @Override
    public final OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public final ResourceUsage usage() {
        return ResourceUsage.UNKNOWN;
    }

    @Override
    public final BrokerDescription describe() {
        String engine = DockerClientFactory.instance().getActiveApiVersion();
        return new BrokerDescription(
                kind, Via.TESTCONTAINERS, Optional.of(version), "image " + image + ", engine API " + engine, settings);
    }

    @Override
    public final void abandon() {
        // Testcontainers' own reaper removes the container once this JVM is gone.
    }

    @Override
    public final synchronized void close() {
        if (!closed) {
            closed = true;
            OpenResources.remove(this);
            container.stop();
        }
    }
}
