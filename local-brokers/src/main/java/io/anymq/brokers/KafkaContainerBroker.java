package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** One Kafka node in a container. */
final class KafkaContainerBroker implements LocalBroker, OpenResources.Resource {
    static final String IMAGE = "apache/kafka:" + KafkaProcess.VERSION;
    private static final int CONTAINER_PORT = 9092;

    private final BrokerOptions options;
    private final SortedMap<String, String> settings;
    private final KafkaContainer container;
    private boolean suspended;
    private boolean closed;

    private KafkaContainerBroker(BrokerOptions options) {
        this.options = options;
        this.settings = KafkaSettings.common(options);
        this.container = new KafkaContainer(DockerImageName.parse(IMAGE));
        settings.forEach((key, value) -> container.withEnv(variable(key), value));
        container.withEnv("KAFKA_HEAP_OPTS", "-Xms64m -Xmx" + options.heapMegabytes() + "m");
        container.withStartupTimeout(options.startTimeout());
        // An engine gives a new random port at every start; only a fixed one survives a restart.
        container.setPortBindings(List.of(Ports.free(1).get(0) + ":" + CONTAINER_PORT));
    }

    static LocalBroker start(BrokerOptions options) {
        KafkaContainerBroker broker = new KafkaContainerBroker(options);
        OpenResources.add(broker);
        try {
            broker.container.start();
            KafkaProbe.awaitAnswer(broker.bootstrap(), options.startTimeout());
            return broker;
        } catch (RuntimeException e) {
            BrokerStartException failure = new BrokerStartException(
                    "container " + IMAGE + " did not become ready; its last lines:\n" + broker.logTail(40), null, e);
            broker.close();
            throw failure;
        }
    }

    /** The image's own rule for turning a setting's name into a variable's. */
    static String variable(String key) {
        return "KAFKA_"
                + key.replace("_", "__").replace("-", "___").replace(".", "_").toUpperCase(Locale.ROOT);
    }

    @Override
    public BrokerKind kind() {
        return BrokerKind.KAFKA;
    }

    @Override
    public String url() {
        return "kafka://" + bootstrap();
    }

    @Override
    public String bootstrap() {
        return container.getBootstrapServers();
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
            KafkaProbe.awaitAnswer(bootstrap(), options.startTimeout());
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
        Path file =
                Folders.temporary(options.folder().orElse(null), "anymq-kafka-").resolve("broker.log");
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
                Optional.of(KafkaProcess.VERSION),
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
