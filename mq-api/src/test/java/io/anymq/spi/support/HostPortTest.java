package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HostPortTest {
    private static final String SILENT = "says nothing";

    private static String diagnose(String address) {
        return HostPort.diagnose(address, SILENT, Deadline.after(Duration.ZERO));
    }

    @Test
    void aListenerIsFoundThoughTheDeadlineHasPassed() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + listener.getLocalPort();
            assertThat(diagnose(address)).isEqualTo(address + " accepts connections but " + SILENT);
        }
    }

    @Test
    void eachAddressHasItsFinding() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(diagnose("127.0.0.1:" + port + ",no-such-host.invalid:1"))
                .startsWith("nothing accepts connections at 127.0.0.1:" + port)
                .contains("; the host of no-such-host.invalid:1 is unknown");
    }

    /** A listener whose queue is full takes the next connection's packets and does not answer them. */
    @Test
    void noAnswerIsNotARefusal() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = new java.net.Socket(full.getInetAddress(), full.getLocalPort());
                var second = new java.net.Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            String address = "127.0.0.1:" + full.getLocalPort();
            assertThat(diagnose(address)).startsWith(address + " did not answer in time");
        }
    }
}
