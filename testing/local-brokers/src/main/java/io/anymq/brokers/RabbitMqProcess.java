package io.anymq.brokers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One RabbitMQ node as a child process on 127.0.0.1, with a port mapper of its own. */
final class RabbitMqProcess extends ProcessBroker implements RabbitMqNode {
    /**
     * A queue's place in the table of quorum queues is on the disk only after this, or some seconds later by itself.
     */
    private static final String SYNC_DIRECTORIES = "[dets:sync(maps:get(directory_rev, maps:get(names, S)))"
            + " || S <- [ra_system:fetch(quorum_queues), ra_system:fetch(coordination)], is_map(S)]";

    private final RabbitMqInstallation installation;
    private final String listenAddress;
    private final int epmdPort;
    private final SortedMap<String, String> settings;
    private final Map<String, String> environment;

    private volatile String version = "unknown";
    private @Nullable PortMapper mapper;
    private @Nullable RabbitMqConsole console;

    private RabbitMqProcess(BrokerOptions options, RabbitMqInstallation installation) {
        super(BrokerKind.RABBITMQ, "RabbitMQ", options, folder(BrokerKind.RABBITMQ, options));
        this.installation = installation;
        List<Integer> ports = Ports.free(3);
        this.listenAddress = "127.0.0.1:" + ports.get(0);
        this.epmdPort = ports.get(2);
        this.settings = RabbitMqSettings.process(options, ports.get(0));
        this.environment = RabbitMqSettings.environment(options, folder().path(), ports.get(0), ports.get(1), epmdPort);
        Folders.write(folder().resolve("rabbitmq.conf"), RabbitMqSettings.file(settings));
        Folders.write(folder().resolve("plugins"), "[].\n");
        Folders.write(server().log(), "");
    }

    static LocalBroker start(BrokerOptions options, RabbitMqInstallation installation) {
        return start(() -> new RabbitMqProcess(options, installation));
    }

    @Override
    void launchCompanions() {
        mapper = PortMapper.start(installation.onPath("epmd").orElseThrow().toString(), epmdPort);
    }

    @Override
    void launch() {
        String script =
                installation.scripts().orElseThrow().resolve("rabbitmq-server").toString();
        ProcessBuilder builder = new ProcessBuilder(List.of(script));
        // Settings of a node that is installed as a service must not reach this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        builder.environment().putAll(environment);
        OwnedProcess started = server().start(builder);
        console = new RabbitMqConsole(started.process().getOutputStream(), server().log());
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
        RabbitMqConsole current = console;
        if (current == null || server().isSuspended()) {
            throw new LocalBrokerException("the node is suspended; resume it first");
        }
        return current.eval(expression);
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
