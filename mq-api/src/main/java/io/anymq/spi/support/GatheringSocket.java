package io.anymq.spi.support;

import io.anymq.API;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected socket, with TLS or without, that writes through a {@link GatheringOutput}. For client libraries that
 * take a {@link SocketFactory}. It is connected before the library gets it, because a library waits for a silent server
 * in several steps, each for the whole time-out. Thread-safe.
 *
 * <pre>{@code
 * GatheringSocket socket = GatheringSocket.open(server, null, deadline, timer);
 * factory.setSocketFactory(socket.asFactory());
 * factory.newConnection();
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class GatheringSocket extends Socket {
    private static final Logger LOG = LoggerFactory.getLogger(GatheringSocket.class);

    private final AtomicReference<@Nullable SSLSocket> tls = new AtomicReference<>();
    private volatile @Nullable InputStream input;
    private volatile @Nullable GatheringOutput output;

    /** Puts TLS on a connected socket, as {@link TlsStores} does. */
    @FunctionalInterface
    public interface Tls {
        /** A socket of TLS that closes {@code connected} along with itself; the handshake is still to come. */
        SSLSocket over(Socket connected, String host, int port) throws IOException;
    }

    private GatheringSocket() {}

    /**
     * Connects and shakes hands.
     *
     * @param tls null for a connection without it
     * @param timer must have a thread to spare that may block in a write
     */
    public static GatheringSocket open(
            InetSocketAddress server, @Nullable Tls tls, Deadline deadline, ScheduledExecutorService timer)
            throws IOException {
        GatheringSocket socket = new GatheringSocket();
        boolean connected = false;
        try {
            socket.connect(server, deadline.millisLeft());
            OutputStream out = socket.getOutputStream();
            if (tls != null) {
                SSLSocket secured = tls.over(socket, server.getHostString(), server.getPort());
                socket.tls.set(secured);
                TlsHandshake.within(deadline, secured);
                socket.input = secured.getInputStream();
                out = secured.getOutputStream();
            }
            socket.output = new GatheringOutput(out, timer);
            connected = true;
            return socket;
        } finally {
            if (!connected) {
                socket.abort();
            }
        }
    }

    /** The result of {@link #getOutputStream}. */
    public GatheringOutput output() {
        return Objects.requireNonNull(output);
    }

    /** Puts {@code filter} between the server and the client library, which must not have it yet. */
    public void readThrough(UnaryOperator<InputStream> filter) throws IOException {
        input = filter.apply(getInputStream());
    }

    /** The client library connects a socket of its factory; this one is connected already. */
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!isConnected()) {
            super.connect(endpoint, timeout);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream secured = input;
        return secured == null ? super.getInputStream() : secured;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream gathering = output;
        return gathering == null ? super.getOutputStream() : gathering;
    }

    /** Breaks off, and so frees a thread that is stuck in writing; TLS would wait for that thread. */
    public void abort() {
        try {
            super.close();
        } catch (IOException e) {
            LOG.debug("Closing a socket failed", e);
        }
    }

    @Override
    @SuppressWarnings(
            "UnsynchronizedOverridesSynchronized") // TLS may wait here for a stuck writer, and abort() must not
    public void close() throws IOException {
        SSLSocket secured = tls.getAndSet(null);
        try {
            if (secured != null) {
                secured.close();
            }
        } finally {
            super.close();
        }
    }

    /** A factory of this one socket, for one connection of a client library. */
    public SocketFactory asFactory() {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return GatheringSocket.this;
            }

            @Override
            public Socket createSocket(String host, int port) {
                return createSocket();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
                return createSocket();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                return createSocket();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
                return createSocket();
            }
        };
    }
}
