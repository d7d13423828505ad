package io.anymq.brokers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One ActiveMQ Classic or Artemis broker as a child process on 127.0.0.1. */
final class ActiveMqProcess extends ProcessBroker {
    private final ActiveMqServer product;
    private final String listenAddress;
    private final SortedMap<String, String> settings;
    private final List<String> command;

    private ActiveMqProcess(BrokerKind kind, ActiveMqServer product, BrokerOptions options, String classPath) {
        super(kind, product.title() + " " + product.version(), options, folder(kind, options));
        this.product = product;
        int port = Ports.free(1).get(0);
        this.listenAddress = "127.0.0.1:" + port;
        this.settings = product.settings(options, folder().resolve("data"), port);
        this.command = JavaCommand.owned(
                JavaCommand.loggingServerFlags(options),
                classPath,
                product.mainClass(),
                product.configure(folder().path(), settings));
    }

    static LocalBroker start(BrokerKind kind, ActiveMqServer product, BrokerOptions options, MavenClassPath maven) {
        List<Path> entries =
                new ArrayList<>(maven.resolve(kind.scheme() + "-" + product.version(), product.coordinates()));
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        return start(() -> new ActiveMqProcess(kind, product, options, classPath));
    }

    @Override
    void launch() {
        server().start(new ProcessBuilder(command));
        server().awaitReady(() -> ActiveMqProbe.answers(listenAddress));
    }

    @Override
    public String listenAddress() {
        return listenAddress;
    }

    @Override
    public BrokerDescription describe() {
        String launch = JavaCommand.description(JavaCommand.loggingServerFlags(options()));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(product.version()), launch, settings);
    }
}
