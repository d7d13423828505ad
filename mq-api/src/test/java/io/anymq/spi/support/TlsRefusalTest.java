package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** Real handshakes with servers that end them, each in its own way. */
class TlsRefusalTest {
    private interface Behaviour {
        void with(Socket client) throws IOException;
    }

    private static Optional<MessagingException> handshakeWith(Behaviour server) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SSLSocket client = (SSLSocket) SSLSocketFactory.getDefault()
                        .createSocket(listener.getInetAddress(), listener.getLocalPort())) {
            client.setSoTimeout(200);
            try (Socket accepted = listener.accept()) {
                CompletableFuture<Throwable> failure =
                        CompletableFuture.supplyAsync(() -> catchThrowable(client::startHandshake));
                // the client's greeting
                assertThat(accepted.getInputStream().read()).isEqualTo(22);
                server.with(accepted);
                return TlsRefusal.of("connecting", "anymq.some.", failure.get());
            }
        }
    }

    @Test
    void aServerThatSpeaksNoTlsRefuses() throws Exception {
        Optional<MessagingException> refusal = handshakeWith(client -> {
            client.getOutputStream().write("AMQP0091".getBytes(US_ASCII));
            client.shutdownOutput();
        });
        assertThat(refusal).isPresent();
        assertThat(refusal.get().code()).isEqualTo(ErrorCode.AUTHENTICATION);
        assertThat(refusal.get().isRetryable()).isFalse();
        assertThat(refusal.get()).hasMessageContaining("anymq.some.trust-store");
    }

    @Test
    void aServerThatHangsUpHasRefusedNothing() throws Exception {
        assertThat(handshakeWith(Socket::shutdownOutput)).isEmpty();
    }

    @Test
    void aServerThatDiesHasRefusedNothing() throws Exception {
        assertThat(handshakeWith(client -> {
                    client.setSoLinger(true, 0);
                    client.close();
                }))
                .isEmpty();
    }

    @Test
    void aServerThatStaysSilentHasRefusedNothing() throws Exception {
        assertThat(handshakeWith(client -> {})).isEmpty();
    }
}
