package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TlsHandshakeTest {
    @Test
    void aSocketWithoutTlsIsLeftAlone() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setSoTimeout(7);
            TlsHandshake.within(Deadline.after(Duration.ZERO), socket);
            assertThat(socket.isClosed()).isFalse();
            assertThat(socket.getSoTimeout()).isEqualTo(7);
        }
    }

    @Test
    void aPeerThatStaysSilentIsNotWaitedForAndTheSocketIsClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket =
                        SSLSocketFactory.getDefault().createSocket(server.getInetAddress(), server.getLocalPort())) {
            assertThatThrownBy(() -> TlsHandshake.within(Deadline.after(Duration.ZERO), socket))
                    .isInstanceOf(IOException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }
}
