package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.tck.direct.SpiContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A URL that names several servers, some of which are connected to and never say a word. */
@Tag("rabbitmq")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RabbitMqAddressesIT {
    private static final Duration CONNECTING = Duration.ofSeconds(4);

    /** The system takes connections for it; no process reads them. */
    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static String with(String... addresses) {
        return "rabbitmq://guest:guest@" + String.join(",", addresses);
    }

    private static String address(ServerSocket server) {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Test
    void silentServersLeaveTheOthersTheirShareOfTheTime() throws Exception {
        try (ServerSocket one = silent();
                ServerSocket other = silent()) {
            String url = with(address(one), address(other), SharedBroker.address());
            long start = System.nanoTime();
            RabbitMqConnection connection = RabbitMqConnection.open(SpiContext.of(url, Map.of(), CONNECTING));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            connection.close(CONNECTING);
            assertThat(took).isLessThan(CONNECTING);
        }
    }

    @Test
    void nothingButSilentServersIsToldInTime() throws Exception {
        try (ServerSocket one = silent();
                ServerSocket other = silent()) {
            String url = with(address(one), address(other));
            long start = System.nanoTime();
            MessagingException error = catchThrowableOfType(
                    MessagingException.class, () -> RabbitMqConnection.open(SpiContext.of(url, Map.of(), CONNECTING)));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(error.code()).isIn(ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE);
            assertThat(error).hasMessageContaining("127.0.0.1:" + one.getLocalPort());
            assertThat(took).isLessThan(CONNECTING.plusSeconds(2));
        }
    }
}
