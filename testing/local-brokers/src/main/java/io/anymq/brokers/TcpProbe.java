package io.anymq.brokers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Checks whether a port accepts connections; quick and silent, so it comes before the question in the broker's
 * protocol.
 */
final class TcpProbe {
    private TcpProbe() {}

    /** Whether something accepts connections there; a port alone is one of 127.0.0.1. */
    static boolean accepts(String address, int timeoutMillis) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
