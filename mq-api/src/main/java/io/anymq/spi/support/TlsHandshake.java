package io.anymq.spi.support;

import io.anymq.API;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/**
 * The handshake of TLS in bounded time, before a client library writes or reads. Libraries that leave it to their first
 * write wait there for as long as a peer stays silent, or once for the write and again for closing.
 */
@API(API.Status.EXPERIMENTAL)
public final class TlsHandshake {
    private TlsHandshake() {}

    /**
     * Shakes hands, or does nothing if the socket is not one of TLS.
     *
     * @param socket connected; its time-out for reading is the same afterwards, and it is closed if this fails
     * @param deadline for each of the peer's answers; at least 100 ms are given
     * @throws IOException as the handshake fails; {@link TlsRefusal} tells what that means
     */
    public static void within(Deadline deadline, Socket socket) throws IOException {
        if (!(socket instanceof SSLSocket tls)) {
            return;
        }
        try {
            int usual = tls.getSoTimeout();
            tls.setSoTimeout(Math.max(100, deadline.millisLeft()));
            tls.startHandshake();
            tls.setSoTimeout(usual);
        } catch (IOException e) {
            tls.close();
            throw e;
        }
    }
}
