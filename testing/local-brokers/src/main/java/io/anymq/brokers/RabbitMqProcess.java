package io.anymq.brokers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One RabbitMQ node as a child process on 127.0.0.1, with a port mapper of its own or with that of its cluster. */
final class RabbitMqProcess extends ProcessBroker implements RabbitMqNode {
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final String COOKIE = ".erlang.cookie";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /**
     * A queue's place in the table of quorum queues is on the disk only after this, or some seconds later by itself.
     */
    private static final String SYNC_DIRECTORIES = "[dets:sync(maps:get(directory_rev, maps:get(names, S)))"
            + " || S <- [ra_system:fetch(quorum_queues), ra_system:fetch(coordination)], is_map(S)]";

    private final RabbitMqInstallation installation;
    private final String listenAddress;
    private final boolean hasMapper;
    private final int epmdPort;
    private final SortedMap<String, String> settings;
    private final Map<String, String> environment;

    private volatile String version = "unknown";
    private @Nullable PortMapper mapper;
    private @Nullable RabbitMqConsole console;

    /**
     * What a node shares with the others of its cluster.
     *
     * @param members the names of all nodes
     * @param cookie by which they know each other
     */
    record Cluster(List<String> members, String cookie, int epmdPort) {}

    private RabbitMqProcess(
            BrokerOptions options, RabbitMqInstallation installation, String title, String name, Cluster cluster) {
        super(BrokerKind.RABBITMQ, title, options, folder(BrokerKind.RABBITMQ, options));
        this.installation = installation;
        List<Integer> ports = Ports.free(2);
        this.listenAddress = "127.0.0.1:" + ports.get(0);
        this.hasMapper = cluster.members().size() == 1;
        this.epmdPort = cluster.epmdPort();
        this.settings = RabbitMqSettings.process(options, ports.get(0), cluster.members());
        this.environment =
                RabbitMqSettings.environment(options, name, folder().path(), ports.get(0), ports.get(1), epmdPort);
        writeCookie(cluster.cookie());
        Folders.write(folder().resolve("rabbitmq.conf"), RabbitMqSettings.file(settings));
        Folders.write(folder().resolve("plugins"), "[].\n");
        Folders.write(server().log(), "");
    }

    static LocalBroker start(BrokerOptions options, RabbitMqInstallation installation) {
        return start(() -> {
            String name = "anymq@localhost";
            Cluster alone =
                    new Cluster(List.of(name), newCookie(), Ports.free(1).get(0));
            return new RabbitMqProcess(options, installation, "RabbitMQ", name, alone);
        });
    }

    /** A node of a cluster, whose port mapper is up before it is launched. */
    static RabbitMqProcess member(BrokerOptions options, RabbitMqInstallation installation, String name, Cluster of) {
        return new RabbitMqProcess(options, installation, "RabbitMQ node " + name, name, of);
    }

    static String newCookie() {
        return UUID.randomUUID().toString();
    }

    /** Erlang refuses one that others can read. */
    private void writeCookie(String cookie) {
        Path file = folder().resolve(COOKIE);
        Folders.write(file, cookie);
        try {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException | UnsupportedOperationException e) {
            throw new LocalBrokerException("could not set the permissions of " + file + ": " + e, e);
        }
    }

    @Override
    void launchCompanions() {
        if (hasMapper) {
            mapper = installation.startPortMapper(epmdPort);
        }
    }

    @Override
    void launch() {
        begin();
        awaitServing();
    }

    /** Starts the node and returns at once. */
    void begin() {
        String script =
                installation.scripts().orElseThrow().resolve("rabbitmq-server").toString();
        ProcessBuilder builder = new ProcessBuilder(List.of(script));
        // Settings of a node that is installed as a service must not reach this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        builder.environment().putAll(environment);
        OwnedProcess started = server().start(builder);
        console = new RabbitMqConsole(started.process().getOutputStream(), server().log());
    }

    /** Returns once it serves clients. */
    void awaitServing() {
        server().awaitReady(() -> {
            Optional<String> answer = RabbitMqProbe.version(listenAddress);
            answer.ifPresent(said -> version = said);
            // RabbitMQ 4 opens its listeners one after the other, those for TLS last.
            return answer.isPresent()
                    && settings.entrySet().stream()
                            .filter(setting -> setting.getKey().startsWith("listeners.ssl."))
                            .allMatch(setting -> TcpProbe.accepts(setting.getValue(), 2_000));
        });
    }

    @Override
    public String url() {
        return "rabbitmq://guest:guest@" + bootstrap();
    }

    @Override
    public String listenAddress() {
        return listenAddress;
    }

    @Override
    public synchronized String eval(String expression) {
        server().alive();
        return console().eval(expression);
    }

    private RabbitMqConsole console() {
        RabbitMqConsole current = console;
        if (current == null || server().isSuspended()) {
            throw new LocalBrokerException("the node is suspended; resume it first");
        }
        return current;
    }

    @Override
    public synchronized void stop() {
        if (!isAlive()) {
            return;
        }
        OwnedProcess node = server().alive();
        console().tell("init:stop()");
        if (!node.awaitExit(STOP)) {
            throw new LocalBrokerException(
                    "the node did not stop within " + STOP.toSeconds() + " s; kill it, and see " + server().log());
        }
    }

    /**
     * A declaration that is old by a test's clock may not be on the disk yet; a crash must not find it half written.
     */
    @Override
    void prepareKill() {
        RabbitMqConsole shell = console;
        if (shell != null
                && isAlive()
                && !server().isSuspended()
                && RabbitMqProbe.version(listenAddress).isPresent()) {
            shell.eval(SYNC_DIRECTORIES);
        }
    }

    @Override
    void release() {
        if (mapper != null) {
            mapper.stop();
        }
    }

    @Override
    public BrokerDescription describe() {
        String launch = "rabbitmq-server " + String.join(" ", RabbitMqSettings.erlangFlags(options()));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(version), launch, settings);
    }
}
