package io.anymq.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.anymq.spi.support.AdapterThreads;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.GatheringSocket;
import io.anymq.spi.support.SameThreadExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/**
 * Connects to one of the URL's servers: to the first that answers, in a new random order each time, so that the
 * connections of all clients spread over them. Each has its share of the time, so that a silent one does not use up the
 * others'. Thread-safe.
 */
final class RabbitMqConnector {
    /** For the last address, if those before it have used up all the time. */
    private static final Duration LEAST = Duration.ofMillis(500);

    private final RabbitMqConfig config;
    private final String purpose;
    private final ScheduledExecutorService timer;

    /**
     * A connection and the socket below it.
     *
     * @param where the server that it goes to, for people
     */
    record Opened(Connection connection, GatheringSocket socket, String where) {}

    /**
     * A connector for one kind of connection.
     *
     * @param purpose for the server's list of connections, such as {@code publish}
     * @param timer must have a thread to spare that may block in a write
     */
    RabbitMqConnector(RabbitMqConfig config, String purpose, ScheduledExecutorService timer) {
        this.config = config;
        this.purpose = purpose;
        this.timer = timer;
    }

    /** Connects; the error is that of the last address. */
    Opened open(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        List<InetSocketAddress> addresses = resolved(inRandomOrder(config.addresses(), ThreadLocalRandom.current()));
        for (int i = 0; ; i++) {
            try {
                return open(addresses.get(i), share(deadline, addresses.size() - i));
            } catch (IOException | TimeoutException | RuntimeException e) {
                if (e instanceof RuntimeException || i == addresses.size() - 1) {
                    throw RabbitMqTranslator.connectError("connecting to " + config.where(), config, e);
                }
            }
        }
    }

    static <T> List<T> inRandomOrder(List<T> servers, Random random) {
        List<T> order = new ArrayList<>(servers);
        Collections.shuffle(order, random);
        return order;
    }

    /** All network addresses; a host that is unknown stays as it is, and connecting to it fails. */
    private static List<InetSocketAddress> resolved(List<InetSocketAddress> servers) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            try {
                for (InetAddress address : InetAddress.getAllByName(server.getHostString())) {
                    addresses.add(new InetSocketAddress(address, server.getPort()));
                }
            } catch (UnknownHostException e) {
                addresses.add(server);
            }
        }
        return addresses;
    }

    private static Deadline share(Deadline deadline, int addressesLeft) {
        Duration share = deadline.left().dividedBy(addressesLeft);
        return Deadline.after(addressesLeft == 1 && share.compareTo(LEAST) < 0 ? LEAST : share);
    }

    private Opened open(InetSocketAddress address, Deadline deadline) throws IOException, TimeoutException {
        GatheringSocket socket = GatheringSocket.open(address, config.tls().orElse(null), deadline, timer);
        boolean opened = false;
        try {
            socket.readThrough(HeaderGuard::new);
            ConnectionFactory factory = config.configure(new ConnectionFactory());
            factory.setSocketFactory(socket.asFactory());
            factory.setHandshakeTimeout(deadline.millisLeft());
            // this name and the host's are in every line that the client library logs
            factory.setThreadFactory(AdapterThreads.daemons("anymq-rabbitmq-" + purpose));
            factory.setExceptionHandler(ClientErrors.of(socket));
            Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
            properties.put("product", "AnyMQ");
            factory.setClientProperties(properties);
            // The socket is connected already; a numeric address keeps the library from asking DNS again.
            Address resolved = new Address(address.getAddress().getHostAddress(), address.getPort());
            // A hand-over to another thread would cost more than what is done there with a message.
            Connection connection = factory.newConnection(
                    new SameThreadExecutor(), () -> List.of(resolved), config.clientName() + "-" + purpose);
            opened = true;
            return new Opened(connection, socket, config.where(address));
        } finally {
            if (!opened) {
                socket.abort();
            }
        }
    }
}
