package io.anymq.rocketmq.protocol;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why the last connection to a server was refused by TLS. The vendor's client reports only that a request could not be
 * sent. Thread-safe.
 */
final class TlsRefusals {
    private final Map<String, SSLException> reasons = new ConcurrentHashMap<>();

    /** A connection to {@code server} that begins now; what an earlier one failed of is of no interest any more. */
    Server of(InetSocketAddress server) {
        String address = server.getHostString() + ":" + server.getPort();
        reasons.remove(address);
        return new Server(address);
    }

    /** The reason for the first of these servers that has one. */
    @Nullable
    SSLException at(String... addresses) {
        for (String address : addresses) {
            SSLException reason = reasons.get(address.replaceAll("[\\[\\]]", ""));
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    /** One connection. A server that hangs up or is silent has refused nothing. Used on the client's thread. */
    final class Server {
        private final String address;
        private boolean hungUp;

        Server(String address) {
            this.address = address;
        }

        void hungUp() {
            hungUp = true;
        }

        void failed(Throwable failure) {
            for (Throwable cause = failure; cause != null && !hungUp; cause = cause.getCause()) {
                // Netty's time-out is an SSLException, too.
                if (cause instanceof SSLException reason && !(cause instanceof SslHandshakeTimeoutException)) {
                    reasons.putIfAbsent(address, reason);
                    return;
                }
            }
        }
    }
}
