package io.anymq.brokers;

import java.util.List;
import java.util.SortedMap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A RocketMQ name server and a broker in one container. */
final class RocketMqContainerBroker extends ContainerBroker {
    static final String IMAGE = "apache/rocketmq:" + RocketMqProcess.VERSION;
    private static final int NAME_SERVER_PORT = 9876;
    private static final String CONFIGURATION = "/tmp/broker.conf";

    private final String nameServerAddress;
    private final String brokerAddress;

    private RocketMqContainerBroker(
            BrokerOptions options, SortedMap<String, String> settings, int nameServerPort, int brokerPort) {
        super(
                BrokerKind.ROCKETMQ,
                IMAGE,
                RocketMqProcess.VERSION,
                options,
                settings,
                new GenericContainer<>(DockerImageName.parse(IMAGE)));
        this.nameServerAddress = "127.0.0.1:" + nameServerPort;
        this.brokerAddress = "127.0.0.1:" + brokerPort;
        GenericContainer<?> container = container();
        container.withCopyToContainer(Transferable.of(KafkaSettings.file(settings)), CONFIGURATION);
        container.withEnv("JAVA_OPT_EXT", "-Xms64m -Xmx" + options.heapMegabytes() + "m -Dtls.server.mode=disabled");
        container.withCommand("sh", "-c", "./mqnamesrv & exec ./mqbroker -c " + CONFIGURATION);
        // The broker tells clients its own port, so it has to be the same outside; and ports must survive a restart.
        container.setPortBindings(List.of(nameServerPort + ":" + NAME_SERVER_PORT, brokerPort + ":" + brokerPort));
    }

    static LocalBroker start(BrokerOptions options) {
        int brokerPort = Ports.freeWithNeighbour(-2);
        SortedMap<String, String> settings = RocketMqSettings.common(options);
        settings.put("namesrvAddr", "127.0.0.1:" + NAME_SERVER_PORT);
        settings.put("brokerIP1", "127.0.0.1");
        settings.put("listenPort", Integer.toString(brokerPort));
        return start(
                new RocketMqContainerBroker(options, settings, Ports.free(1).get(0), brokerPort));
    }

    @Override
    void awaitAnswer() {
        RocketMqProbe.awaitBroker(nameServerAddress, options().startTimeout());
    }

    @Override
    public String bootstrap() {
        return nameServerAddress;
    }

    @Override
    public String listenAddress() {
        return brokerAddress;
    }
}
