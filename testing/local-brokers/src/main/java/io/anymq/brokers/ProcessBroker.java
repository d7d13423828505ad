package io.anymq.brokers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in child processes on 127.0.0.1. A vendor's own class defines the processes, the readiness check and the
 * addresses there are; faults, logs and the end are the same for all.
 */
abstract class ProcessBroker implements LocalBroker, OpenResources.Resource {
    static final int TRIES = 3;
    private static final String DATA = "data";

    private final BrokerKind kind;
    private final BrokerOptions options;
    private final InstanceFolder folder;
    private final ServerProcess server;
    private @Nullable MemoryDisk disk;
    private volatile boolean keepLogs;
    private volatile boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param title for people: which server it is, in which version
     */
    ProcessBroker(BrokerKind kind, String title, BrokerOptions options, InstanceFolder folder) {
        this.kind = kind;
        this.options = options;
        this.folder = folder;
        this.server = new ServerProcess(title, folder.path(), "broker.log", options.startTimeout());
    }

    /** The folder of a new instance. */
    static InstanceFolder folder(BrokerKind kind, BrokerOptions options) {
        return InstanceFolder.create(options.folder().orElse(null), "anymq-" + kind.scheme() + "-");
    }

    /** Starts the supplier's broker, or another one of it if another process has taken a port. */
    static <B extends ProcessBroker> B start(Supplier<B> instances) {
        for (int attempt = 1; ; attempt++) {
            B broker = instances.get();
            try {
                broker.prepare();
                broker.launch();
                return broker;
            } catch (RuntimeException e) {
                boolean again = attempt < TRIES && broker.foundAPortTaken();
                broker.closeAfterFailure(again);
                if (!again) {
                    throw e;
                }
            }
        }
    }

    /** Makes all ready for the first launch; from here on it is closed with this JVM. */
    final void prepare() {
        OpenResources.add(this);
        mountDisk();
        launchCompanions();
    }

    final boolean foundAPortTaken() {
        return servers().stream().anyMatch(ServerProcess::foundItsPortTaken);
    }

    final void closeAfterFailure(boolean again) {
        keepLogs = !again;
        close();
    }

    private void mountDisk() {
        if (options.diskBytes().isPresent()) {
            MemoryDisk mounted =
                    MemoryDisk.mount(folder.resolve(DATA), options.diskBytes().getAsLong());
            disk = mounted;
            server.runWith(mounted.enter());
        }
    }

    /** Starts the broker's server and returns once it serves clients. */
    abstract void launch();

    /** Starts, before the first {@link #launch()}, what stays up when the broker is killed. */
    void launchCompanions() {
        // Most brokers stand alone.
    }

    /** The servers that {@link #launchCompanions()} starts. */
    List<ServerProcess> companions() {
        return List.of();
    }

    /** Called before the server is killed on purpose, but not before the final stop. */
    void prepareKill() {
        // Most brokers have stored confirmed messages on the disk.
    }

    /** Stops, at the broker's end, everything other than the server and its companions. */
    void release() {
        // Most brokers have nothing of the kind.
    }

    final BrokerOptions options() {
        return options;
    }

    final InstanceFolder folder() {
        return folder;
    }

    final ServerProcess server() {
        return server;
    }

    final void requireOpen() {
        if (closed) {
            throw new LocalBrokerException("the broker has been closed; start another one");
        }
    }

    private List<ServerProcess> servers() {
        List<ServerProcess> servers = new ArrayList<>(companions());
        servers.add(0, server);
        return servers;
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
    public String bootstrap() {
        return options.advertised().orElse(listenAddress());
    }

    @Override
    public String directBootstrap() {
        return listenAddress();
    }

    @Override
    public final Set<Fault> faults() {
        return Signals.supported() ? Set.of(Fault.values()) : Set.of(Fault.KILL, Fault.RESTART);
    }

    @Override
    public final synchronized void kill() {
        prepareKill();
        server.kill();
    }

    @Override
    public final synchronized void suspend() {
        requireSignals();
        server.alive().suspend();
    }

    @Override
    public final synchronized void resume() {
        requireSignals();
        server.alive().resume();
    }

    private static void requireSignals() {
        if (!Signals.supported()) {
            throw new UnsupportedFaultException(
                    Fault.SUSPEND, "sending signals requires /bin/sh, which this platform does not have");
        }
    }

    @Override
    public final synchronized void restart() {
        requireOpen();
        kill();
        launch();
    }

    @Override
    public final boolean isAlive() {
        return server.isAlive();
    }

    @Override
    public final Optional<Path> logFile() {
        return Optional.of(server.log());
    }

    @Override
    public final String logTail(int lines) {
        return server.logTail(lines);
    }

    @Override
    public final void keepLogs() {
        keepLogs = true;
    }

    @Override
    public final OptionalLong pid() {
        return server.pid();
    }

    @Override
    public final ResourceUsage usage() {
        OptionalLong pid = pid();
        return pid.isPresent() ? ProcessUsage.of(pid.getAsLong()) : ResourceUsage.UNKNOWN;
    }

    @Override
    public final Optional<BrokerDisk> disk() {
        return Optional.ofNullable(disk);
    }

    @Override
    public final void abandon() {
        servers().forEach(ServerProcess::destroy);
        // The disk's process ends with this JVM, and the disk with its last process.
    }

    @Override
    public final synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        OpenResources.remove(this);
        try {
            servers().forEach(ServerProcess::kill);
        } finally {
            release();
            if (disk != null) {
                disk.unmount();
            }
        }
        if (keepLogs && servers().stream().anyMatch(ServerProcess::hasLog)) {
            folder.keepLogs(folder.resolve(DATA));
            Console.line("log kept: " + server.log());
        } else {
            folder.delete();
        }
    }
}
