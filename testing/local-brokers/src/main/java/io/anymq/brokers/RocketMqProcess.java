package io.anymq.brokers;

import io.anymq.brokers.launch.RocketMqBrokerMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A RocketMQ name server and a broker as two child processes on 127.0.0.1. */
final class RocketMqProcess extends ProcessBroker implements RocketMqBroker {
    static final String VERSION = "5.5.0";
    private static final String TITLE = "RocketMQ " + VERSION + ": ";
    private static final List<String> SERVER = List.of(
            "org.apache.rocketmq:rocketmq-namesrv:" + VERSION, "org.apache.rocketmq:rocketmq-broker:" + VERSION);
    private static final int NAME_SERVER_HEAP = 96;
    private static final String TLS_FILE = "tls.properties";

    private final ServerProcess nameServer;
    private final String nameServerAddress;
    private final String brokerAddress;
    private final SortedMap<String, String> settings;
    private final List<String> brokerCommand;
    private final List<String> nameServerCommand;

    private RocketMqProcess(BrokerOptions options, List<Path> jars) {
        super(BrokerKind.ROCKETMQ, TITLE + "the broker", options, folder(BrokerKind.ROCKETMQ, options));
        this.nameServer =
                new ServerProcess(TITLE + "the name server", folder().path(), "namesrv.log", options.startTimeout());
        List<Integer> ports = Ports.free(2);
        int brokerPort = Ports.freeWithNeighbour(-2);
        Path data = folder().resolve("data");
        this.nameServerAddress = "127.0.0.1:" + ports.get(0);
        this.brokerAddress = "127.0.0.1:" + brokerPort;
        this.settings = RocketMqSettings.process(options, data, nameServerAddress, brokerPort, ports.get(1));

        Path brokerFile = folder().resolve("broker.conf");
        Path nameServerFile = folder().resolve("namesrv.conf");
        Folders.write(brokerFile, KafkaSettings.file(settings));
        Folders.write(nameServerFile, KafkaSettings.file(RocketMqSettings.nameServer(data, ports.get(0))));
        Folders.write(folder().resolve(TLS_FILE), KafkaSettings.file(RocketMqSettings.tls(options)));
        Folders.write(folder().resolve("rmq.broker.logback.xml"), RocketMqSettings.logback());
        Folders.write(folder().resolve("rmq.namesrv.logback.xml"), RocketMqSettings.logback());

        List<Path> entries = new ArrayList<>(List.of(folder().path()));
        entries.addAll(jars);
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        this.brokerCommand = JavaCommand.owned(
                jvmFlags(options.heapMegabytes()),
                classPath,
                RocketMqBrokerMain.class.getName(),
                List.of("-c", brokerFile.toString()));
        this.nameServerCommand = JavaCommand.owned(
                jvmFlags(NAME_SERVER_HEAP),
                classPath,
                "org.apache.rocketmq.namesrv.NamesrvStartup",
                List.of("-c", nameServerFile.toString()));
    }

    static LocalBroker start(BrokerOptions options, MavenClassPath maven) {
        List<Path> jars = maven.resolve("rocketmq-" + VERSION, SERVER);
        return start(() -> new RocketMqProcess(options, jars));
    }

    private List<String> jvmFlags(int heap) {
        List<String> flags = JavaCommand.serverFlags(options().tuning(), heap);
        // Files that they write beside their data go here, too.
        flags.add("-Duser.home=" + folder().path());
        flags.add("-Drocketmq.home.dir=" + folder().path());
        SortedMap<String, String> tls = RocketMqSettings.tls(options());
        if (tls.isEmpty()) {
            // Creating a certificate for an unused listener can take 25 s.
            flags.add("-Dtls.server.mode=disabled");
        } else {
            // On the same port as plain connections, which the two servers use between them.
            flags.add("-Dtls.server.mode=permissive");
            flags.add("-Dtls.test.mode.enable=false");
            flags.add("-Dtls.config.file=" + folder().resolve(TLS_FILE));
        }
        return flags;
    }

    @Override
    List<ServerProcess> companions() {
        return List.of(nameServer);
    }

    @Override
    void launchCompanions() {
        nameServer.start(new ProcessBuilder(nameServerCommand));
        nameServer.awaitReady(() -> RocketMqProbe.isNameServer(nameServerAddress));
    }

    @Override
    void launch() {
        server().start(new ProcessBuilder(brokerCommand));
        server().awaitReady(this::isRegistered);
    }

    private boolean isRegistered() {
        return RocketMqProbe.broker(nameServerAddress)
                .filter(brokerAddress::equals)
                .isPresent();
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
    public synchronized void killNameServer() {
        nameServer.kill();
    }

    @Override
    public synchronized void restartNameServer() {
        requireOpen();
        nameServer.kill();
        launchCompanions();
        if (isAlive()) {
            server().awaitReady(this::isRegistered);
        }
    }

    @Override
    public BrokerDescription describe() {
        String launch = JavaCommand.description(jvmFlags(options().heapMegabytes())) + ", name server";
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(VERSION), launch, settings);
    }
}
