package io.anymq.brokers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks name server and broker, in their protocol, whether they are ready. A frame is its length, the length of the JSON
 * header (whose highest byte says that it is JSON), the header, and the body.
 */
final class RocketMqProbe {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int LARGEST_FRAME = 16 << 20;
    private static final Duration PACE = Duration.ofMillis(50);

    private static final int GET_BROKER_CLUSTER_INFO = 106;
    private static final int GET_BROKER_RUNTIME_INFO = 28;
    private static final String NO_PERMISSION = "\"code\":16,";

    /** In {@code "brokerAddrs":{0:"127.0.0.1:10911"}}, where 0 is the master. */
    private static final Pattern MASTER = Pattern.compile("\"brokerAddrs\":\\{\"?0\"?:\"([^\"]+)\"");

    private RocketMqProbe() {}

    /** Whether a name server answers there. */
    static boolean isNameServer(String address) {
        return ask(address, GET_BROKER_CLUSTER_INFO).isPresent();
    }

    /** The address of a broker that is registered with the name server and answers itself. */
    static Optional<String> broker(String nameServer) {
        return ask(nameServer, GET_BROKER_CLUSTER_INFO)
                .map(MASTER::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .filter(address -> ask(address, GET_BROKER_RUNTIME_INFO).isPresent());
    }

    static void awaitBroker(String nameServer, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (broker(nameServer).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new LocalBrokerException("no RocketMQ broker registered with the name server " + nameServer
                        + " answered within " + timeout.toMillis() + " ms");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PACE.toMillis()));
        }
    }

    /** The body of a successful answer or of a refusal, because a server that requires credentials is running, too. */
    private static Optional<String> ask(String address, int code) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] header = ("{\"code\":" + code + ",\"flag\":0,\"language\":\"JAVA\",\"opaque\":1,"
                            + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":493}")
                    .getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(4 + header.length);
            out.writeInt(header.length);
            out.write(header);
            out.flush();
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> answer(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 4 || length > LARGEST_FRAME) {
            return Optional.empty();
        }
        int headerLength = in.readInt() & 0xFFFFFF;
        if (headerLength > length - 4) {
            return Optional.empty();
        }
        String header = new String(in.readNBytes(headerLength), StandardCharsets.UTF_8);
        String body = new String(in.readNBytes(length - 4 - headerLength), StandardCharsets.UTF_8);
        return header.contains("\"code\":0,") || header.contains(NO_PERMISSION) ? Optional.of(body) : Optional.empty();
    }
}
