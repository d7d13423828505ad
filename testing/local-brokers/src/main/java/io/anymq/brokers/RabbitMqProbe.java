package io.anymq.brokers;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Opens the AMQP 0-9-1 handshake, which a RabbitMQ node answers with its name and version once it serves clients. */
final class RabbitMqProbe {
    private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int ATTEMPT_MILLIS = 2_000;
    private static final Duration PACE = Duration.ofMillis(50);

    private RabbitMqProbe() {}

    /** The server's version, "unknown" if it keeps that to itself; empty if nothing answers in AMQP 0-9-1. */
    static Optional<String> version(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    ATTEMPT_MILLIS);
            socket.setSoTimeout(ATTEMPT_MILLIS);
            socket.getOutputStream().write(GREETING);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int type = in.readUnsignedByte();
            int channel = in.readUnsignedShort();
            int size = in.readInt();
            if (type != 1 || channel != 0 || size < 4 || size > 1 << 16) {
                return Optional.empty();
            }
            byte[] start = new byte[size];
            in.readFully(start);
            return Optional.of(versionIn(new String(start, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A table's entry: length and name, the type of a long string, four bytes of length, text. */
    private static String versionIn(String start) {
        int at = start.indexOf("\u0007versionS");
        if (at < 0 || at + 13 > start.length()) {
            return "unknown";
        }
        int length = start.charAt(at + 12);
        return start.substring(at + 13, Math.min(start.length(), at + 13 + length));
    }

    static String awaitAnswer(String bootstrap, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            for (String address : bootstrap.split(",", -1)) {
                Optional<String> version = version(address);
                if (version.isPresent()) {
                    return version.get();
                }
            }
            LockSupport.parkNanos(PACE.toNanos());
        } while (System.nanoTime() < deadline);
        throw new LocalBrokerException("no RabbitMQ node answered at " + bootstrap + " within " + timeout.toSeconds()
                + " s; check that it runs and listens for AMQP 0-9-1 there");
    }
}
