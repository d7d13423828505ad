package io.anymq.brokers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One RabbitMQ node as a child process on 127.0.0.1, with a port mapper of its own. */
final class RabbitMqProcess implements LocalBroker, RabbitMqNode, OpenResources.Resource {
    private static final int TRIES = 3;
    private static final int LINES_IN_ERROR = 40;
    private static final Duration PACE = Duration.ofMillis(50);

    /** A queue's place in the table of quorum queues is on the disk only after this, or some seconds later by itself. */
    private static final String SYNC_DIRECTORIES = "[dets:sync(maps:get(directory_rev, maps:get(names, S)))"
            + " || S <- [ra_system:fetch(quorum_queues), ra_system:fetch(coordination)], is_map(S)]";

    private final BrokerOptions options;
    private final RabbitMqInstallation installation;
    private final InstanceFolder folder;
    private final Path logFile;
    private final String listenAddress;
    private final int epmdPort;
    private final SortedMap<String, String> settings;
    private final Map<String, String> environment;

    private volatile @Nullable OwnedProcess process;
    private volatile String version = "unknown";
    private volatile boolean keepLogs;
    private volatile boolean closed;
    private @Nullable PortMapper mapper;
    private @Nullable RabbitMqConsole console;
    private boolean suspended;

    private RabbitMqProcess(BrokerOptions options, RabbitMqInstallation installation) {
        this.options = options;
        this.installation = installation;
        this.folder = InstanceFolder.create(options.folder().orElse(null), "anymq-rabbitmq-");
        this.logFile = folder.resolve("broker.log");
        List<Integer> ports = Ports.free(3);
        this.listenAddress = "127.0.0.1:" + ports.get(0);
        this.epmdPort = ports.get(2);
        this.settings = RabbitMqSettings.process(options, ports.get(0));
        this.environment = RabbitMqSettings.environment(options, folder.path(), ports.get(0), ports.get(1), epmdPort);
        Folders.write(folder.resolve("rabbitmq.conf"), RabbitMqSettings.file(settings));
        Folders.write(folder.resolve("plugins"), "[].\n");
        Folders.write(logFile, "");
    }

    static LocalBroker start(BrokerOptions options, RabbitMqInstallation installation) {
        for (int attempt = 1; ; attempt++) {
            RabbitMqProcess broker = new RabbitMqProcess(options, installation);
            OpenResources.add(broker);
            try {
                broker.launch();
                return broker;
            } catch (RuntimeException e) {
                // Another process can take a port between the search for it and its use.
                boolean again =
                        attempt < TRIES && broker.logTail(LINES_IN_ERROR).contains("eaddrinuse");
                broker.keepLogs = !again;
                broker.close();
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private void launch() {
        if (mapper == null) {
            mapper = PortMapper.start(installation.onPath("epmd").orElseThrow().toString(), epmdPort);
        }
        String script =
                installation.scripts().orElseThrow().resolve("rabbitmq-server").toString();
        ProcessBuilder builder = new ProcessBuilder(List.of(script))
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        // Settings of a node that is installed as a service must not reach this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        builder.environment().putAll(environment);
        OwnedProcess started = OwnedProcess.start(builder);
        process = started;
        console = new RabbitMqConsole(started.process().getOutputStream(), logFile);
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        Optional<String> answer = Optional.empty();
        while (answer.isEmpty()) {
            if (started.awaitExit(PACE)) {
                throw failure("ended with status " + started.process().exitValue() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failure("was not ready within " + options.startTimeout().toSeconds() + " s");
            }
            answer = RabbitMqProbe.version(listenAddress);
        }
        version = answer.get();
    }

    private BrokerStartException failure(String what) {
        return new BrokerStartException(
                "RabbitMQ " + what + ". Log: " + logFile + "; its last lines:\n" + logTail(LINES_IN_ERROR),
                logFile,
                null);
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
        return Set.of(Fault.values());
    }

    @Override
    public synchronized String eval(String expression) {
        running();
        RabbitMqConsole current = console;
        if (current == null || suspended) {
            throw new LocalBrokerException("the node is suspended; resume it first");
        }
        return current.eval(expression);
    }

    /** What was declared long ago by a test's clock may be young by the disk's; a crash must not find it half written. */
    private void settle(OwnedProcess current) {
        RabbitMqConsole shell = console;
        if (shell != null
                && current.isAlive()
                && !suspended
                && RabbitMqProbe.version(listenAddress).isPresent()) {
            shell.eval(SYNC_DIRECTORIES);
        }
    }

    @Override
    public synchronized void kill() {
        OwnedProcess current = process;
        if (current != null) {
            if (!closed) {
                settle(current);
            }
            suspended = false;
            current.kill();
        }
    }

    @Override
    public synchronized void suspend() {
        running().suspend();
        suspended = true;
    }

    @Override
    public synchronized void resume() {
        running().resume();
        suspended = false;
    }

    private OwnedProcess running() {
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
        String launch = "rabbitmq-server " + String.join(" ", RabbitMqSettings.erlangFlags(options));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(version), launch, settings);
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
        try {
            kill();
        } finally {
            if (mapper != null) {
                mapper.stop();
            }
        }
        if (keepLogs && Files.exists(logFile)) {
            folder.keepLogs(folder.resolve("data"));
            Console.line("log kept: " + logFile);
        } else {
            folder.delete();
        }
    }
}
