package io.anymq.tck.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client and an echo, with the proxy in between. */
@Timeout(60)
class TcpProxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int SILENCE_MILLIS = 200;

    private EchoServer echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new EchoServer();
        proxy = TcpProxy.open();
        proxy.forwardTo(echo.address());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("tcp-proxy-")));
    }

    private Socket connect() throws IOException {
        String address = proxy.address();
        int colon = address.indexOf(':');
        Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout((int) LIMIT.toMillis());
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    private void assertWorks(Socket socket) throws IOException {
        write(socket, "hello");
        assertThat(read(socket, 5)).isEqualTo("hello");
    }

    @Test
    void passesEverythingOnBothWaysAndEndsInOrder() throws Exception {
        byte[] sent = new byte[3 << 20];
        new Random(1).nextBytes(sent);
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            Thread writer = new Thread(() -> {
                try {
                    out.write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
            writer.join();
        }
        assertThat(proxy.connections()).isOne();
        await().atMost(LIMIT).until(() -> proxy.openConnections() == 0);
        assertThat(echo.ends()).containsExactly("end");
    }

    @Test
    void latencyDelaysEachWayAndKeepsOrder() throws Exception {
        proxy.delay(Direction.TO_BROKER, Duration.ofMillis(60));
        proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(40));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            assertWorks(socket);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            for (int i = 0; i < 10; i++) {
                write(socket, Integer.toString(i));
            }
            assertThat(read(socket, 10)).isEqualTo("0123456789");
        }
    }

    @Test
    void aResetBreaksBothHalvesAndNewConnectionsWork() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.reset();
            assertReset(socket);
            await().atMost(LIMIT).until(() -> !echo.ends().isEmpty());
            assertThat(echo.ends()).containsExactly("reset");
        }
        try (Socket next = connect()) {
            assertWorks(next);
        }
    }

    @Test
    void whatABlackHoleHeldArrivesLate() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.hold(Direction.TO_BROKER);
            write(socket, "late");
            assertSilent(socket);
            assertThat(echo.received()).isEqualTo(5);
            try (Socket next = connect()) {
                write(next, "me too");
                assertSilent(next);
                proxy.restore();
                assertThat(read(next, 6)).isEqualTo("me too");
            }
            assertThat(read(socket, 4)).isEqualTo("late");
        }
    }

    @Test
    void theEndOfAConnectionIsHeldLikeItsBytes() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.hold(Direction.TO_BROKER);
        }
        await().during(Duration.ofMillis(SILENCE_MILLIS))
                .until(() -> echo.ends().isEmpty());
        proxy.restore();
        await().atMost(LIMIT).until(() -> !echo.ends().isEmpty());
    }

    @Test
    void whatIsDiscardedNeverComesAndItsConnectionIsResetInTheEnd() throws Exception {
        try (Socket socket = connect();
                Socket untouched = connect()) {
            assertWorks(socket);
            assertWorks(untouched);
            proxy.discard(Direction.TO_CLIENT);
            write(socket, "stored");
            await().atMost(LIMIT).until(() -> echo.received() == 16);
            assertSilent(socket);
            proxy.restore();
            assertReset(socket);
            assertWorks(untouched);
        }
    }

    @Test
    void theBrokerForgetsAHalfOpenConnectionAndItsClientIsNotTold() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.halfOpen(Direction.TO_BROKER);
            await().atMost(LIMIT).until(() -> !echo.ends().isEmpty());
            write(socket, "anybody there?");
            assertSilent(socket);
            assertThat(echo.received()).isEqualTo(5);
            try (Socket next = connect()) {
                assertWorks(next);
            }
            proxy.restore();
            assertReset(socket);
        }
    }

    @Test
    void aHalfOpenConnectionIsGoneWhenItsClientGivesItUp() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.halfOpen(Direction.TO_BROKER);
        }
        await().atMost(LIMIT).until(() -> proxy.openConnections() == 0);
    }

    @Test
    void theBrokerHearsAndIsNotHeardOnPresentConnectionsOnly() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.silence(Direction.TO_CLIENT);
            write(socket, "can you hear me?");
            await().atMost(LIMIT).until(() -> echo.received() == 5 + "can you hear me?".length());
            assertSilent(socket);
            try (Socket next = connect()) {
                assertWorks(next);
            }
            proxy.restore();
            assertReset(socket);
        }
    }

    @Test
    void aClientIsGoneAndTheBrokerDoesNotKnow() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            proxy.halfOpen(Direction.TO_CLIENT);
            assertReset(socket);
        }
        await().during(Duration.ofMillis(SILENCE_MILLIS))
                .until(() -> echo.ends().isEmpty());
        proxy.restore();
        await().atMost(LIMIT).until(() -> !echo.ends().isEmpty());
        assertThat(echo.ends()).containsExactly("reset");
    }

    @Test
    void aClientIsResetWhenNobodyIsBehindTheProxy() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        proxy.forwardTo("127.0.0.1:" + free);
        try (Socket socket = connect()) {
            assertReset(socket);
        }
        proxy.forwardTo(echo.address());
        try (Socket socket = connect()) {
            assertWorks(socket);
        }
    }

    @Test
    void aDeadBrokerIsFelt() throws Exception {
        try (Socket socket = connect()) {
            assertWorks(socket);
            echo.close();
            assertThatThrownBy(() -> {
                        write(socket, "x");
                        if (socket.getInputStream().read() < 0) {
                            throw new SocketException("ended");
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        echo = new EchoServer();
    }

    @Test
    void addressesAreRewrittenWhereverTheyAreCut() throws Exception {
        proxy.rewriting(Direction.TO_CLIENT, () -> new AddressRewriter("127.0.0.1:10911", "127.0.0.1:33333"));
        try (Socket socket = connect()) {
            write(socket, "{\"addr\":\"127.0.0.1:10");
            assertThat(read(socket, 9)).isEqualTo("{\"addr\":\"");
            write(socket, "911\",\"other\":\"127.0.0.1:10912\"}");
            assertThat(read(socket, 43)).isEqualTo("127.0.0.1:33333\",\"other\":\"127.0.0.1:10912\"}");
            write(socket, "127.0.");
            socket.shutdownOutput();
            assertThat(read(socket, 6)).isEqualTo("127.0.");
        }
    }

    @Test
    void onlyAddressesOfOneLengthCanBeExchanged() {
        assertThatThrownBy(() -> new AddressRewriter("127.0.0.1:10911", "127.0.0.1:9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same length");
    }
}
