package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.RocketMqMarks.Note;
import io.anymq.rocketmq.protocol.ClientSettings;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.StubServer;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RocketMqMarksTest {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final OwnerMark MARK = new OwnerMark(7, true, 2, new OffsetRanges());
    private static final MessageQueue QUEUE = new MessageQueue("t", StubServer.BROKER, 0);

    private StubServer server;
    private ProtocolClient client;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
        ClientSettings settings = new ClientSettings(server.address(), BOUND, null, null, null);
        client = ProtocolClient.start(settings, "test", RocketMqTranslator::error);
        client.nameServers().brokers(BOUND);
    }

    @AfterEach
    void end() throws IOException {
        client.close(BOUND);
        server.close();
    }

    private void write() {
        new RocketMqMarks(client, "g", "me", BOUND).writeMarks(Map.of(QUEUE, MARK));
    }

    private void assertFails(ErrorCode code, boolean retryable) {
        assertThatThrownBy(this::write).isInstanceOfSatisfying(MessagingException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.isRetryable()).isEqualTo(retryable);
        });
    }

    @Test
    void aNoteIsReadAsItWasWritten() {
        assertThat(Note.of(new Note("me", null).toBytes())).isEqualTo(new Note("me", null));
        Note read = Note.of(new Note("me", MARK).toBytes());
        assertThat(read.owner()).isEqualTo("me");
        assertThat(read.mark()).isNotNull();
        assertThat(read.mark().offset()).isEqualTo(7);
        assertThat(read.mark().text()).isEqualTo(MARK.text());
    }

    @Test
    void textByOthersIsNoMark() {
        assertThat(Note.of("text".getBytes(UTF_8))).isEqualTo(new Note("", null));
        assertThat(Note.of("me\nx\nanymq:open".getBytes(UTF_8))).isEqualTo(new Note("me", null));
    }

    @Test
    void aRefusalKeepsItsReason() {
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.reply(request, ResponseCode.NO_PERMISSION, "no", null));
        assertFails(ErrorCode.AUTHORIZATION, false);
    }

    /** The mark may be there or not; the next attempt finds out. */
    @Test
    void anUnreadableAnswerIsAFailureOfTheBrokerNotOfTheAdapter() {
        Map<String, String> fields = Map.of("msgId", "x", "queueId", "0", "queueOffset", "nonsense");
        server.on(RequestCode.SEND_MESSAGE_V2, (request, peer) -> peer.reply(request, ResponseCode.SUCCESS, fields));
        assertFails(ErrorCode.UNAVAILABLE, true);
    }

    @Test
    void aBusyBrokerIsAskedAgain() {
        int[] asked = {0};
        Map<String, String> stored = Map.of("msgId", "x", "queueId", "0", "queueOffset", "3");
        server.on(RequestCode.SEND_MESSAGE_V2, (request, peer) -> {
            if (asked[0]++ == 0) {
                peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null);
            } else {
                peer.reply(request, ResponseCode.SUCCESS, stored);
            }
        });
        write();
        assertThat(asked[0]).isEqualTo(2);
    }
}
