package io.anymq.brokers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A RocketMQ name server and a broker as two child processes on 127.0.0.1. */
final class RocketMqProcess implements RocketMqBroker, OpenResources.Resource {
    static final String VERSION = "5.5.0";
    private static final List<String> SERVER = List.of(
            "org.apache.rocketmq:rocketmq-namesrv:" + VERSION, "org.apache.rocketmq:rocketmq-broker:" + VERSION);
    private static final int NAME_SERVER_HEAP = 96;
    private static final int TRIES = 3;
    private static final int LINES_IN_ERROR = 40;
    private static final Duration PACE = Duration.ofMillis(50);

    private final BrokerOptions options;
    private final InstanceFolder folder;
    private final Path logFile;
    private final Path nameServerLog;
    private final String nameServerAddress;
    private final String brokerAddress;
    private final SortedMap<String, String> settings;
    private final List<String> brokerCommand;
    private final List<String> nameServerCommand;

    private volatile @Nullable OwnedProcess nameServer;
    private volatile @Nullable OwnedProcess process;
    private volatile boolean keepLogs;
    private volatile boolean closed;

    private RocketMqProcess(BrokerOptions options, List<Path> jars) {
        this.options = options;
        this.folder = InstanceFolder.create(options.folder().orElse(null), "anymq-rocketmq-");
        this.logFile = folder.resolve("broker.log");
        this.nameServerLog = folder.resolve("namesrv.log");
        List<Integer> ports = Ports.free(2);
        int brokerPort = Ports.freeWithNeighbour(-2);
        Path data = folder.resolve("data");
        this.nameServerAddress = "127.0.0.1:" + ports.get(0);
        this.brokerAddress = "127.0.0.1:" + brokerPort;
        this.settings = RocketMqSettings.process(options, data, nameServerAddress, brokerPort, ports.get(1));

        Folders.write(folder.resolve("broker.conf"), KafkaSettings.file(settings));
        Folders.write(
                folder.resolve("namesrv.conf"), KafkaSettings.file(RocketMqSettings.nameServer(data, ports.get(0))));
        Folders.write(folder.resolve("rmq.broker.logback.xml"), RocketMqSettings.logback());
        Folders.write(folder.resolve("rmq.namesrv.logback.xml"), RocketMqSettings.logback());

        List<Path> entries = new ArrayList<>(List.of(folder.path()));
        entries.addAll(jars);
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        this.brokerCommand = JavaCommand.owned(
                jvmFlags(options.heapMegabytes()),
                classPath,
                "org.apache.rocketmq.broker.BrokerStartup",
                List.of("-c", folder.resolve("broker.conf").toString()));
        this.nameServerCommand = JavaCommand.owned(
                jvmFlags(NAME_SERVER_HEAP),
                classPath,
                "org.apache.rocketmq.namesrv.NamesrvStartup",
                List.of("-c", folder.resolve("namesrv.conf").toString()));
    }

    static LocalBroker start(BrokerOptions options, MavenClassPath maven) {
        List<Path> jars = maven.resolve("rocketmq-" + VERSION, SERVER);
        for (int attempt = 1; ; attempt++) {
            RocketMqProcess broker = new RocketMqProcess(options, jars);
            OpenResources.add(broker);
            try {
                broker.launchNameServer();
                broker.launch();
                return broker;
            } catch (RuntimeException e) {
                // Another process can take a port between the search for it and its use.
                boolean again = attempt < TRIES
                        && (broker.logTail(LINES_IN_ERROR) + Folders.tail(broker.nameServerLog, LINES_IN_ERROR))
                                .contains("Address already in use");
                broker.keepLogs = !again;
                broker.close();
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private List<String> jvmFlags(int heap) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xms64m");
        flags.add("-Xmx" + heap + "m");
        if (options.tuning() == Tuning.QUICK_START) {
            flags.add("-XX:+UseSerialGC");
            flags.add("-XX:TieredStopAtLevel=1");
        }
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.addAll(JavaCommand.serverFlags());
        // Whatever they write beside their data goes here, too.
        flags.add("-Duser.home=" + folder.path());
        flags.add("-Drocketmq.home.dir=" + folder.path());
        // Making a certificate for a listener that nobody uses can take 25 s.
        flags.add("-Dtls.server.mode=disabled");
        return flags;
    }

    private void launchNameServer() {
        OwnedProcess started = launch(nameServerCommand, nameServerLog);
        nameServer = started;
        awaitReady(started, "the name server", nameServerLog, () -> RocketMqProbe.isNameServer(nameServerAddress));
    }

    private void launch() {
        OwnedProcess started = launch(brokerCommand, logFile);
        process = started;
        awaitReady(started, "the broker", logFile, this::isRegistered);
    }

    private boolean isRegistered() {
        return RocketMqProbe.broker(nameServerAddress)
                .filter(brokerAddress::equals)
                .isPresent();
    }

    private OwnedProcess launch(List<String> command, Path log) {
        return OwnedProcess.start(new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    private void awaitReady(OwnedProcess started, String what, Path log, BooleanSupplier ready) {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        while (!ready.getAsBoolean()) {
            if (started.awaitExit(PACE)) {
                throw failure(
                        what + " ended with status " + started.process().exitValue() + " before it was ready", log);
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failure(
                        what + " was not ready within " + options.startTimeout().toSeconds() + " s", log);
            }
        }
    }

    private static BrokerStartException failure(String what, Path log) {
        return new BrokerStartException(
                "RocketMQ " + VERSION + ": " + what + ". Log: " + log + "; its last lines:\n"
                        + Folders.tail(log, LINES_IN_ERROR),
                log,
                null);
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
        return Signals.supported() ? Set.of(Fault.values()) : Set.of(Fault.KILL, Fault.RESTART);
    }

    @Override
    public synchronized void kill() {
        kill(process);
    }

    private static void kill(@Nullable OwnedProcess current) {
        if (current != null) {
            current.kill();
        }
    }

    @Override
    public synchronized void killNameServer() {
        kill(nameServer);
    }

    @Override
    public synchronized void restartNameServer() {
        requireOpen();
        kill(nameServer);
        launchNameServer();
        OwnedProcess broker = process;
        if (broker != null && broker.isAlive()) {
            awaitReady(broker, "the broker", logFile, this::isRegistered);
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
        requireOpen();
        kill();
        launch();
    }

    private void requireOpen() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
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
        String launch = "java " + Runtime.version() + " " + String.join(" ", jvmFlags(options.heapMegabytes()))
                + ", name server";
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(VERSION), launch, settings);
    }

    @Override
    public void abandon() {
        for (OwnedProcess current : new OwnedProcess[] {process, nameServer}) {
            if (current != null) {
                current.destroy();
            }
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
        killNameServer();
        if (keepLogs && Files.exists(nameServerLog)) {
            folder.keepLogs(folder.resolve("data"));
            Console.line("log kept: " + logFile);
        } else {
            folder.delete();
        }
    }
}
