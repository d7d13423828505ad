package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostPortTest {
    private static final String SILENT = "says nothing";

    private static String diagnose(String address) {
        return HostPort.diagnose(address, SILENT, Deadline.after(Duration.ZERO));
    }

    private static List<String> problems(String url) {
        return HostPort.problems(BrokerUrl.parse(url), "broker", 7);
    }

    @Test
    void aUrlOfHostsAndPortsIsLegal() {
        assertThat(problems("x://one:1")).isEmpty();
        assertThat(problems("x://one:1,[::1]:65535?a=b")).isEmpty();
    }

    @Test
    void eachMistakeHasItsSentence() {
        assertThat(problems("x:")).containsExactly("anymq.url: name at least one broker, such as x://localhost:7");
        assertThat(problems("x://one,two:2,:3/five"))
                .containsExactly(
                        "anymq.url: 'one' is not host:port; write x://one:7,two:7",
                        "anymq.url: ':3' is not host:port; write x://one:7,two:7",
                        "anymq.url: the URL must end after the ports; remove the path, or write a / in a password as"
                                + " %2F");
    }

    @Test
    void aUserIsAMistakeWhereTheConfigurationHoldsIt() {
        BrokerUrl url = BrokerUrl.parse("x://me:secret@one:1");
        assertThat(HostPort.problems(url, "broker", 7)).isEmpty();
        assertThat(HostPort.problems(url, "broker", 7, "anymq.x.user"))
                .containsExactly("anymq.url: the URL must not contain user and password; set anymq.x.user");
    }

    @Test
    void portsMayBeLeftOut() {
        assertThat(HostPort.addresses(BrokerUrl.parse("x://one,two:2,[::1]:3,[::1]"), 7))
                .extracting(each -> each.getHostString() + " " + each.getPort())
                .containsExactly("one 7", "two 2", "::1 3", "::1 7");
        assertThat(HostPort.addresses(BrokerUrl.parse("x://one,,:2,[::1,::1,a:1:2"), 7))
                .extracting(InetSocketAddress::getHostString)
                .containsExactly("one", "", "", "", "", "");
    }

    @Test
    void theFirstThatAnswersIsConnectedTo() {
        List<String> asked = new ArrayList<>();
        String connected = HostPort.connect("one:1,two:2,three:3", Duration.ofSeconds(9), (address, deadline) -> {
            asked.add(address);
            if (asked.size() == 1) {
                assertThat(deadline.left()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
                throw failure(ErrorCode.UNAVAILABLE, address);
            }
            return address;
        });
        assertThat(connected).isEqualTo("two:2");
        assertThat(asked).containsExactly("one:1", "two:2");
    }

    @Test
    void theFirstFailureIsReportedWhenNoneAnswers() {
        List<String> asked = new ArrayList<>();
        assertThatThrownBy(() -> HostPort.connect("one:1,two:2", Duration.ofSeconds(1), (address, deadline) -> {
                    asked.add(address);
                    throw failure(ErrorCode.UNAVAILABLE, address);
                }))
                .hasMessage("no one:1");
        assertThat(asked).containsExactly("one:1", "two:2");
    }

    @Test
    void aRefusalEndsTheSearch() {
        List<String> asked = new ArrayList<>();
        assertThatThrownBy(() -> HostPort.connect("one:1,two:2", Duration.ofSeconds(1), (address, deadline) -> {
                    asked.add(address);
                    throw failure(ErrorCode.AUTHENTICATION, address);
                }))
                .hasMessage("no one:1");
        assertThat(asked).containsExactly("one:1");
    }

    private static MessagingException failure(ErrorCode code, String address) {
        return new MessagingException(code, "no " + address, code == ErrorCode.UNAVAILABLE, null);
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
                .contains("; the host of no-such-host.invalid:1 cannot be resolved");
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
