package io.anymq.brokers;

import io.anymq.brokers.launch.KafkaServerMain;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One Kafka node as a child process on 127.0.0.1. */
final class KafkaProcess implements LocalBroker, OpenResources.Resource {
    static final String VERSION = "4.3.1";
    private static final List<String> SERVER =
            List.of("org.apache.kafka:kafka_2.13:" + VERSION, "org.slf4j:slf4j-simple:1.7.36");
    private static final int TRIES = 3;
    private static final int LINES_IN_ERROR = 40;
    private static final Duration PACE = Duration.ofMillis(50);

    private final BrokerOptions options;
    private final InstanceFolder folder;
    private final Path logFile;
    private final String listenAddress;
    private final String directBootstrap;
    private final SortedMap<String, String> settings;
    private final List<String> command;

    private volatile @Nullable OwnedProcess process;
    private volatile boolean keepLogs;
    private volatile boolean closed;

    private KafkaProcess(BrokerOptions options, String classPath) {
        this.options = options;
        this.folder = InstanceFolder.create(options.folder().orElse(null), "anymq-kafka-");
        this.logFile = folder.resolve("broker.log");
        List<Integer> ports = Ports.free(3);
        this.listenAddress = "127.0.0.1:" + ports.get(0);
        this.directBootstrap = "127.0.0.1:" + ports.get(1);
        this.settings =
                KafkaSettings.process(options, folder.resolve("data"), ports.get(0), ports.get(1), ports.get(2));
        Path properties = folder.resolve("server.properties");
        Folders.write(properties, KafkaSettings.file(settings));
        this.command = JavaCommand.owned(
                jvmFlags(options),
                classPath,
                KafkaServerMain.class.getName(),
                List.of(clusterId(), properties.toString()));
    }

    static LocalBroker start(BrokerOptions options, MavenClassPath maven) {
        List<Path> entries = new ArrayList<>(maven.resolve("kafka-" + VERSION, SERVER));
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        for (int attempt = 1; ; attempt++) {
            KafkaProcess broker = new KafkaProcess(options, classPath);
            OpenResources.add(broker);
            try {
                broker.launch();
                return broker;
            } catch (RuntimeException e) {
                // Another process can take a port between the search for it and its use.
                boolean again =
                        attempt < TRIES && broker.logTail(LINES_IN_ERROR).contains("Address already in use");
                broker.keepLogs = !again;
                broker.close();
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private static List<String> jvmFlags(BrokerOptions options) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xms64m");
        flags.add("-Xmx" + options.heapMegabytes() + "m");
        if (options.tuning() == Tuning.QUICK_START) {
            flags.add("-XX:+UseSerialGC");
            flags.add("-XX:TieredStopAtLevel=1");
        }
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.addAll(JavaCommand.serverFlags());
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
        return flags;
    }

    private static String clusterId() {
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        // The version bits of a random UUID keep Kafka's reserved ids out of reach, but a leading '-' would look like
        // an option on the command line.
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return text.startsWith("-") ? "A" + text.substring(1) : text;
    }

    private void launch() {
        OwnedProcess started = OwnedProcess.start(new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile())));
        process = started;
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        while (!(KafkaProbe.accepts(directBootstrap) && KafkaProbe.answers(directBootstrap))) {
            if (started.awaitExit(PACE)) {
                throw failure("ended with status " + started.process().exitValue() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failure("was not ready within " + options.startTimeout().toSeconds() + " s");
            }
        }
    }

    private BrokerStartException failure(String what) {
        return new BrokerStartException(
                "Kafka " + VERSION + " " + what + ". Log: " + logFile + "; its last lines:\n" + logTail(LINES_IN_ERROR),
                logFile,
                null);
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
        return options.advertised().orElse(listenAddress);
    }

    @Override
    public String listenAddress() {
        return listenAddress;
    }

    @Override
    public String directBootstrap() {
        return directBootstrap;
    }

    @Override
    public Set<Fault> faults() {
        return Signals.supported() ? Set.of(Fault.values()) : Set.of(Fault.KILL, Fault.RESTART);
    }

    @Override
    public synchronized void kill() {
        OwnedProcess current = process;
        if (current != null) {
            current.kill();
        }
    }

    @Override
    public synchronized void suspend() {
        running().suspend();
    }

    @Override
    public synchronized void resume() {
        running().resume();
    }

    private OwnedProcess running() {
        if (!Signals.supported()) {
            throw new UnsupportedFaultException(Fault.SUSPEND, "this platform has no /bin/sh to send signals with");
        }
        OwnedProcess current = process;
        if (current == null || !current.isAlive()) {
            throw new LocalBrokerException("the broker is down; restart it first");
        }
        return current;
    }

    @Override
    public synchronized void restart() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
        kill();
        launch();
    }

    @Override
    public boolean isAlive() {
        OwnedProcess current = process;
        return current != null && current.isAlive();
    }

    @Override
    public Optional<Path> logFile() {
        return Optional.of(logFile);
    }

    @Override
    public String logTail(int lines) {
        return Folders.tail(logFile, lines);
    }

    @Override
    public void keepLogs() {
        keepLogs = true;
    }

    @Override
    public OptionalLong pid() {
        OwnedProcess current = process;
        return current != null && current.isAlive() ? OptionalLong.of(current.pid()) : OptionalLong.empty();
    }

    @Override
    public ResourceUsage usage() {
        OptionalLong pid = pid();
        return pid.isPresent() ? ProcessUsage.of(pid.getAsLong()) : ResourceUsage.UNKNOWN;
    }

    @Override
    public BrokerDescription describe() {
        String launch = "java " + Runtime.version() + " " + String.join(" ", jvmFlags(options));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(VERSION), launch, settings);
    }

    @Override
    public void abandon() {
        OwnedProcess current = process;
        if (current != null) {
            current.destroy();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        OpenResources.remove(this);
        kill();
        if (keepLogs && Files.exists(logFile)) {
            folder.keepLogs(folder.resolve("data"));
            Console.line("log kept: " + logFile);
        } else {
            folder.delete();
        }
    }
}
