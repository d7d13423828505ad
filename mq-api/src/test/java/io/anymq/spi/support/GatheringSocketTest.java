package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GatheringSocketTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private GatheringSocket open(ServerSocket server) throws IOException {
        return GatheringSocket.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
                null,
                Deadline.after(Duration.ofSeconds(5)),
                timer);
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void theClientLibraryGetsItConnectedAndMayConnectItAgain() throws Exception {
        try (ServerSocket server = server();
                GatheringSocket socket = open(server);
                Socket peer = server.accept()) {
            assertThat(socket.asFactory().createSocket()).isSameAs(socket);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1_000);
            assertThat(socket.getPort()).isEqualTo(server.getLocalPort());
            socket.getOutputStream().write(5);
            socket.getOutputStream().flush();
            assertThat(peer.getInputStream().read()).isEqualTo(5);
            peer.getOutputStream().write(6);
            assertThat(socket.getInputStream().read()).isEqualTo(6);
        }
    }

    @Test
    void breakingOffFreesAThreadThatIsStuckInWriting() throws Exception {
        try (ServerSocket server = server();
                GatheringSocket socket = open(server);
                Socket peer = server.accept()) {
            AtomicLong written = new AtomicLong();
            Thread stuck = new Thread(() -> {
                try {
                    while (true) {
                        socket.getOutputStream().write(new byte[100_000]);
                        written.addAndGet(100_000);
                    }
                } catch (IOException expected) {
                    written.set(-1);
                }
            });
            stuck.start();
            await().during(Duration.ofMillis(300)).until(() -> {
                long before = written.get();
                return before > 0 && written.get() == before && stuck.isAlive();
            });
            socket.abort();
            await().until(() -> written.get() == -1);
            stuck.join();
            assertThat(peer.isClosed()).isFalse();
        }
    }

    @Test
    void whatThrowsOnTheWayLeavesTheSocketClosed() throws Exception {
        Socket[] seen = {null};
        try (ServerSocket server = server()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> GatheringSocket.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
                            (connected, host, port) -> {
                                seen[0] = connected;
                                throw new IOException("no TLS today");
                            },
                            Deadline.after(Duration.ofSeconds(5)),
                            timer))
                    .withMessage("no TLS today");
            assertThat(seen[0].isClosed()).isTrue();
        }
    }
}
