package io.anymq.rocketmq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.rocketmq.protocol.Failure.Reason;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingCommandException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingSendRequestException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new RemotingConnectException("a:1"), Reason.NOT_SENT),
                Arguments.of(new RemotingTooMuchRequestException("too many"), Reason.NOT_SENT),
                Arguments.of(new ProtocolClient.UnknownBroker("b"), Reason.NOT_SENT),
                Arguments.of(new RemotingSendRequestException("a:1"), Reason.NO_ANSWER),
                Arguments.of(new RemotingCommandException("unreadable"), Reason.NO_ANSWER),
                Arguments.of(new RemotingTimeoutException("a:1", 5), Reason.TIMEOUT),
                Arguments.of(new ProtocolClient.ClosedBefore(), Reason.CLOSED_UNSENT),
                Arguments.of(new InterruptedException(), Reason.CLOSED),
                Arguments.of(new IllegalStateException("executor not accepting a task"), Reason.CLOSED),
                Arguments.of(new RejectedExecutionException(), Reason.CLOSED),
                Arguments.of(new MQClientException(ResponseCode.NO_PERMISSION, "topic"), Reason.NO_PERMISSION),
                Arguments.of(new MQClientException("no name server", null), Reason.UNEXPECTED),
                Arguments.of(new NoClassDefFoundError("zstd"), Reason.UNEXPECTED));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void exceptionsOfTheVendorAreToldApart(Throwable cause, Reason reason) {
        assertThat(Failure.of(cause)).isEqualTo(new Failure(reason, cause));
        assertThat(Failure.of(new ExecutionException(cause))).isEqualTo(new Failure(reason, cause));
    }

    /** Numbers, since a client that renumbered its constants could not talk to the brokers that are running. */
    @ParameterizedTest
    @CsvSource({
        "1, SYSTEM_ERROR, false",
        "2, BUSY, true",
        "215, BUSY, true",
        "3, UNSUPPORTED, true",
        "15, UNSUPPORTED, true",
        "13, MESSAGE_ILLEGAL, true",
        "14, NOT_SERVING, true",
        "16, NO_PERMISSION, true",
        "17, MISSING, true",
        "24, MISSING, true",
        "26, MISSING, true",
        "29, INVALID, true",
        "501, NOT_LEADER, true",
        "999, REFUSED, false"
    })
    void refusalsAreToldApart(int code, Reason reason, boolean nothingStored) {
        Failure failure = Failure.of(new MQBrokerException(code, "remark"));
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.reason().nothingStored()).isEqualTo(nothingStored);
    }

    @Test
    void aWaitInVainSaysHowLongItWas() {
        Failure failure = Failure.timeout(Duration.ofMillis(70));
        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure.cause()).hasMessage("no answer within 70 ms");
    }
}
