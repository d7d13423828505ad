package io.anymq.tck.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Stands between clients and a broker, on a free port of 127.0.0.1, and disturbs what passes. Let the broker advertise
 * {@link #address()}, or clients that follow its metadata go past the proxy.
 *
 * <p>Until told otherwise it passes everything on as it comes. While the broker is down, its clients' connections are
 * reset. Every fault lasts until {@link #restore()}. Thread-safe; it uses four threads for each connection, named
 * {@code tcp-proxy-…}, which end with it.
 *
 * <pre>{@code
 * try (TcpProxy proxy = TcpProxy.open();
 *         LocalBroker broker = LocalBrokers.start(KAFKA, BrokerOptions.defaults().withAdvertised(proxy.address()))) {
 *     proxy.forwardTo(broker.listenAddress());
 *     proxy.discard(Direction.TO_CLIENT); // every confirm is lost
 *     …
 *     proxy.restore();
 * }
 * }</pre>
 */
public final class TcpProxy implements AutoCloseable {
    private static final byte[] LOCALHOST = {127, 0, 0, 1};
    private static final int BACKLOG = 200;
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket server;
    private final Map<Direction, Passage> passages = new EnumMap<>(Direction.class);
    private final Map<Direction, Supplier<Rewriter>> rewriters = new ConcurrentHashMap<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile String target = "";

    private TcpProxy(ServerSocket server) {
        this.server = server;
        for (Direction direction : Direction.values()) {
            passages.put(direction, new Passage());
        }
    }

    /**
     * Takes a port and accepts connections, which are reset until {@link #forwardTo} has said where they go.
     *
     * @throws IOException if there is no free port
     */
    public static TcpProxy open() throws IOException {
        TcpProxy proxy = new TcpProxy(new ServerSocket(0, BACKLOG, InetAddress.getByAddress(LOCALHOST)));
        Thread acceptor = new Thread(proxy::accept, "tcp-proxy-accept");
        acceptor.setDaemon(true);
        acceptor.start();
        return proxy;
    }

    /** Where clients connect, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /**
     * Says where new connections go.
     *
     * @param address {@code host:port}
     */
    public void forwardTo(String address) {
        target = address;
    }

    /** The number of connections that clients have made so far. */
    public int connections() {
        return accepted.get();
    }

    /** The number of open connections. */
    public int openConnections() {
        return links.size();
    }

    /**
     * Changes the bytes that go one way.
     *
     * @param rewriter makes one for each new connection
     */
    public void rewriting(Direction direction, Supplier<Rewriter> rewriter) {
        rewriters.put(direction, rewriter);
    }

    /**
     * Lets everything that goes one way arrive later. Throughput stays.
     *
     * @param latency 0 or more
     */
    public void delay(Direction direction, Duration latency) {
        passage(direction).latency(latency);
    }

    /**
     * A black hole, as of a failed route: nothing gets through one way, without any notice. TCP's own retransmission is
     * part of the picture: after {@link #restore()} held data arrives, late and complete.
     */
    public void hold(Direction direction) {
        passage(direction).held(true);
    }

    /**
     * A black hole that returns nothing: data in one direction is discarded. {@link #restore()} resets the connections
     * that have lost something.
     */
    public void discard(Direction direction) {
        passage(direction).discarding(true);
    }

    /** Resets all present connections on both sides, in the middle of whatever they carry. New ones work. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /**
     * Makes all present connections half open: the side towards {@code lost} is reset, the other side is not told; it
     * stays open, swallows everything and never answers. New connections work.
     *
     * @param lost {@link Direction#TO_BROKER} if the broker forgets its clients, {@link Direction#TO_CLIENT} if the
     *     clients are gone and the broker does not know
     */
    public void halfOpen(Direction lost) {
        links.forEach(link -> link.breakHalf(lost));
    }

    /**
     * Discards data in one direction on all present connections; the other way goes on, without any notice. New
     * connections work both ways.
     */
    public void silence(Direction direction) {
        links.forEach(link -> link.silence(direction));
    }

    /** Ends all faults. Connections that cannot be repaired, having lost bytes or their other half, are reset. */
    public void restore() {
        links.stream().filter(Link::isBeyondRepair).forEach(link -> link.close(true));
        passages.values().forEach(passage -> {
            passage.latency(Duration.ZERO);
            passage.discarding(false);
            passage.held(false);
        });
        // One may have lost something in between.
        links.stream().filter(Link::isBeyondRepair).forEach(link -> link.close(true));
    }

    private Passage passage(Direction direction) {
        Passage passage = passages.get(direction);
        if (passage == null) {
            throw new IllegalArgumentException("no such direction: " + direction);
        }
        return passage;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept(), accepted.incrementAndGet());
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException("the proxy at " + address() + " accepts no more", e);
                }
            }
        }
    }

    private void connect(Socket client, int number) throws IOException {
        Socket broker = new Socket();
        try {
            broker.connect(target(), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        } catch (IOException e) {
            // No server: the client must see as nearly as possible what it would see without a proxy.
            Link.close(broker, true);
            Link.close(client, true);
            return;
        }
        Link link = new Link(client, broker, links::remove);
        links.add(link);
        String name = "tcp-proxy-" + server.getLocalPort() + "-" + number;
        new Pump(link, Direction.TO_BROKER, passage(Direction.TO_BROKER), rewriter(Direction.TO_BROKER))
                .start(name + "-out");
        new Pump(link, Direction.TO_CLIENT, passage(Direction.TO_CLIENT), rewriter(Direction.TO_CLIENT))
                .start(name + "-in");
    }

    private InetSocketAddress target() throws IOException {
        String address = target;
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IOException("the target of connections is not set");
        }
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private Rewriter rewriter(Direction direction) {
        return rewriters.getOrDefault(direction, () -> Rewriter.NONE).get();
    }

    /** Closes the port and resets all connections. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Link link : List.copyOf(links)) {
            link.close(true);
        }
    }
}
