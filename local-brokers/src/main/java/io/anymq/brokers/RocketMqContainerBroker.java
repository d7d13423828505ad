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
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A RocketMQ name server and a broker in one container. */
final class RocketMqContainerBroker implements LocalBroker, OpenResources.Resource {
    static final String IMAGE = "apache/rocketmq:" + RocketMqProcess.VERSION;
    private static final int NAME_SERVER_PORT = 9876;
    private static final String CONFIGURATION = "/tmp/broker.conf";

    private final BrokerOptions options;
    private final SortedMap<String, String> settings;
    private final GenericContainer<?> container;
    private final String nameServerAddress;
    private final String brokerAddress;
    private boolean suspended;
    private boolean closed;

    private RocketMqContainerBroker(BrokerOptions options) {
        this.options = options;
        this.settings = RocketMqSettings.common(options);
        int nameServerPort = Ports.free(1).get(0);
        int brokerPort = Ports.freeWithNeighbour(-2);
        this.nameServerAddress = "127.0.0.1:" + nameServerPort;
        this.brokerAddress = "127.0.0.1:" + brokerPort;
        settings.put("namesrvAddr", "127.0.0.1:" + NAME_SERVER_PORT);
        settings.put("brokerIP1", "127.0.0.1");
        settings.put("listenPort", Integer.toString(brokerPort));
        this.container = new GenericContainer<>(DockerImageName.parse(IMAGE));
        container.withCopyToContainer(Transferable.of(KafkaSettings.file(settings)), CONFIGURATION);
        container.withEnv("JAVA_OPT_EXT", "-Xms64m -Xmx" + options.heapMegabytes() + "m -Dtls.server.mode=disabled");
        container.withCommand("sh", "-c", "./mqnamesrv & exec ./mqbroker -c " + CONFIGURATION);
        container.withStartupTimeout(options.startTimeout());
        // The broker tells clients its own port, so it has to be the same outside; and ports must survive a restart.
        container.setPortBindings(List.of(nameServerPort + ":" + NAME_SERVER_PORT, brokerPort + ":" + brokerPort));
    }

    static LocalBroker start(BrokerOptions options) {
        RocketMqContainerBroker broker = new RocketMqContainerBroker(options);
        OpenResources.add(broker);
        try {
            broker.container.start();
            RocketMqProbe.awaitBroker(broker.nameServerAddress, options.startTimeout());
            return broker;
        } catch (RuntimeException e) {
            BrokerStartException failure = new BrokerStartException(
                    "container " + IMAGE + " did not become ready; its last lines:\n" + broker.logTail(40), null, e);
            broker.close();
            throw failure;
        }
    }

    private DockerClient engine() {
        return container.getDockerClient();
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.ROCKETMQ;
    }

    @Override
    public String url() {
        return "rocketmq://" + nameServerAddress;
    }

    @Override
    public String bootstrap() {
        return nameServerAddress;
    }

    @Override
    public String listenAddress() {
        return brokerAddress;
    }

    @Override
    public String directBootstrap() {
        return nameServerAddress;
    }

    @Override
    public Set<Fault> faults() {
        return Set.of(Fault.values());
    }

    @Override
    public synchronized void kill() {
        if (isAlive()) {
            resume();
            engine().killContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public synchronized void suspend() {
        if (!suspended) {
            engine().pauseContainerCmd(container.getContainerId()).exec();
            suspended = true;
        }
    }

    @Override
    public synchronized void resume() {
        if (suspended) {
            engine().unpauseContainerCmd(container.getContainerId()).exec();
            suspended = false;
        }
    }

    @Override
    public synchronized void restart() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
        kill();
        engine().startContainerCmd(container.getContainerId()).exec();
        try {
            RocketMqProbe.awaitBroker(nameServerAddress, options.startTimeout());
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
        Path file = Folders.temporary(options.folder().orElse(null), "anymq-rocketmq-")
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
                Optional.of(RocketMqProcess.VERSION),
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
