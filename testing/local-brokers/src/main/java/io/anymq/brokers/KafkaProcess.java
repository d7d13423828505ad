package io.anymq.brokers;

import io.anymq.brokers.launch.KafkaServerMain;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/** One Kafka node as a child process on 127.0.0.1. */
final class KafkaProcess extends ProcessBroker {
    static final String VERSION = "4.3.1";
    private static final List<String> SERVER =
            List.of("org.apache.kafka:kafka_2.13:" + VERSION, "org.slf4j:slf4j-simple:1.7.36");

    private final String listenAddress;
    private final String directBootstrap;
    private final SortedMap<String, String> settings;
    private final List<String> command;

    private KafkaProcess(BrokerOptions options, String classPath) {
        super(BrokerKind.KAFKA, "Kafka " + VERSION, options, folder(BrokerKind.KAFKA, options));
        List<Integer> ports = Ports.free(3);
        this.listenAddress = "127.0.0.1:" + ports.get(0);
        this.directBootstrap = "127.0.0.1:" + ports.get(1);
        this.settings =
                KafkaSettings.process(options, folder().resolve("data"), ports.get(0), ports.get(1), ports.get(2));
        Path properties = folder().resolve("server.properties");
        Folders.write(properties, KafkaSettings.file(settings));
        this.command = JavaCommand.owned(
                JavaCommand.loggingServerFlags(options),
                classPath,
                KafkaServerMain.class.getName(),
                List.of(clusterId(), properties.toString()));
    }

    static LocalBroker start(BrokerOptions options, MavenClassPath maven) {
        List<Path> entries = new ArrayList<>(maven.resolve("kafka-" + VERSION, SERVER));
        entries.add(JavaCommand.launchers());
        String classPath = MavenClassPath.join(entries);
        return start(() -> new KafkaProcess(options, classPath));
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

    @Override
    void launch() {
        server().start(new ProcessBuilder(command));
        server().awaitReady(() -> TcpProbe.accepts(directBootstrap, 1_000) && KafkaProbe.answers(directBootstrap));
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
    public BrokerDescription describe() {
        String launch = JavaCommand.description(JavaCommand.loggingServerFlags(options()));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(VERSION), launch, settings);
    }
}
