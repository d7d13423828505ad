package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.ClientSettings;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.StubServer;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.Outgoing.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueuePipeTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Outgoing message = Outgoing.text("id", null, "x");
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private StubServer server;
    private ProtocolClient client;
    private QueuePipe pipe;

    @BeforeEach
    void startBusyBroker() throws IOException {
        server = new StubServer();
        server.on(RequestCode.SEND_MESSAGE_V2, (request, peer) -> {
            asked.countDown();
            await(mayAnswer);
            peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null);
        });
        ClientSettings settings = new ClientSettings(server.address(), BOUND, null, null, null);
        client = ProtocolClient.start(settings, "test", RocketMqTranslator::error);
        client.nameServers().brokers(BOUND);
        pipe = new QueuePipe(client, new MessageQueue("t", StubServer.BROKER, 0));
    }

    @AfterEach
    void end() throws IOException {
        mayAnswer.countDown();
        client.close(BOUND);
        server.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send() {
        pipe.send(new QueuePipe.Parcel(
                message,
                RocketMqTranslator.message("t", message),
                System.nanoTime() + Duration.ofMinutes(1).toNanos()));
    }

    @Test
    void aBusyBrokersMessageIsRefusedAfterItsSenderHasClosed() throws Exception {
        send();
        await(asked);
        pipe.refuseWaiting(new MessagingException(ErrorCode.CLOSED, "the sender is closed"));
        mayAnswer.countDown();
        assertThat(message.await(BOUND).outcome()).isEqualTo(Outcome.REJECTED);
    }

    @Test
    void aMessageThatWaitsForABusyBrokerIsRefusedWhenItsSenderCloses() throws Exception {
        CountDownLatch again = new CountDownLatch(2);
        server.on(RequestCode.SEND_MESSAGE_V2, (request, peer) -> {
            peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null);
            again.countDown();
        });
        send();
        await(again);
        pipe.refuseWaiting(new MessagingException(ErrorCode.CLOSED, "the sender is closed"));
        assertThat(message.await(BOUND).outcome()).isEqualTo(Outcome.REJECTED);
    }
}
