package io.anymq.brokers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports below the ephemeral range.
 *
 * <p>A port from the ephemeral range can be taken while its broker is down: by any outgoing connection, and even by a
 * client that, trying to reconnect to the dead port from the same port, ends up connected to itself.
 */
final class Ports {
    private static final byte[] LOCALHOST = {127, 0, 0, 1};
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 2_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** Distinct ports, none of them given out before by this JVM. */
    static synchronized List<Integer> free(int count) {
        int end = Math.min(HIGHEST, firstEphemeral());
        int start = end - LOWEST >= 1_000 ? LOWEST : Math.max(1_024, end - 1_000);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < TRIES && found.size() < count; i++) {
            int port = ThreadLocalRandom.current().nextInt(start, Math.max(end, start + 1_000));
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new LocalBrokerException("could not find " + count + " free ports on 127.0.0.1 between"
                    + " " + start + " and "
                    + end + " in " + TRIES + " tries");
        }
        return found;
    }

    /**
     * A free port whose neighbour at this distance is free as well, and not given out again, because some servers use
     * both.
     */
    static synchronized int freeWithNeighbour(int distance) {
        for (int i = 0; i < TRIES; i++) {
            int port = free(1).get(0);
            if (!GIVEN.contains(port + distance) && isFree(port + distance)) {
                GIVEN.add(port + distance);
                return port;
            }
        }
        throw new LocalBrokerException("could not find two adjacent free ports on 127.0.0.1");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOCALHOST), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int firstEphemeral() {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        if (!Files.isReadable(range)) {
            return HIGHEST;
        }
        // The kernel gives this file in one read from its beginning; Files.readString would get its first byte only.
        try (InputStream in = Files.newInputStream(range)) {
            String text = new String(in.readNBytes(64), StandardCharsets.US_ASCII);
            return Integer.parseInt(text.trim().split("\\s+")[0]);
        } catch (IOException e) {
            return HIGHEST;
        }
    }
}
