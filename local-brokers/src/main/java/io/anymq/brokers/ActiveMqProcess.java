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
import org.jspecify.annotations.Nullable;

/** One ActiveMQ Classic or Artemis broker as a child process on 127.0.0.1. */
final class ActiveMqProcess implements LocalBroker, OpenResources.Resource {
    private static final int TRIES = 3;
    private static final int LINES_IN_ERROR = 40;
    private static final Duration PACE = Duration.ofMillis(50);

    private final BrokerKind kind;
    private final ActiveMqServer server;
    private final BrokerOptions options;
    private final InstanceFolder folder;
    private final Path logFile;
    private final String listenAddress;
    private final SortedMap<String, String> settings;
    private final List<String> command;

    private volatile @Nullable OwnedProcess process;
    private volatile boolean keepLogs;
    private volatile boolean closed;

    private ActiveMqProcess(BrokerKind kind, ActiveMqServer server, BrokerOptions options, String classPath) {
        this.kind = kind;
        this.server = server;
        this.options = options;
        this.folder = InstanceFolder.create(options.folder().orElse(null), "anymq-" + kind.scheme() + "-");
        this.logFile = folder.resolve("broker.log");
        int port = Ports.free(1).get(0);
        this.listenAddress = "127.0.0.1:" + port;
        this.settings = server.settings(options, folder.resolve("data"), port);
        List<String> arguments = server.configure(folder.path(), settings);
        this.command = JavaCommand.owned(jvmFlags(options), classPath, server.mainClass(), arguments);
    }

    static LocalBroker start(BrokerKind kind, ActiveMqServer server, BrokerOptions options, MavenClassPath maven) {
        List<Path> entries =
                new ArrayList<>(maven.resolve(kind.scheme() + "-" + server.version(), server.coordinates()));
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        for (int attempt = 1; ; attempt++) {
            ActiveMqProcess broker = new ActiveMqProcess(kind, server, options, classPath);
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

    private void launch() {
        OwnedProcess started = OwnedProcess.start(new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile())));
        process = started;
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        while (!ActiveMqProbe.answers(listenAddress)) {
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
                server.title() + " " + server.version() + " " + what + ". Log: " + logFile + "; its last lines:\n"
                        + logTail(LINES_IN_ERROR),
                logFile,
                null);
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
        return options.advertised().orElse(listenAddress);
    }

    @Override
    public String listenAddress() {
        return listenAddress;
    }

    @Override
    public String directBootstrap() {
        return listenAddress;
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
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(server.version()), launch, settings);
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
