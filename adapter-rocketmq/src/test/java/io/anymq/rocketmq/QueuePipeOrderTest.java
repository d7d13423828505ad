package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.rocketmq.protocol.ClientSettings;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.StubServer;
import io.anymq.tck.direct.Outgoing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two requests of one message queue under way at the same time could be stored in any order. */
class QueuePipeOrderTest {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final MessageQueue QUEUE = new MessageQueue("t", StubServer.BROKER, 0);

    private final List<RemotingCommand> sends = new CopyOnWriteArrayList<>();
    private StubServer server;
    private ProtocolClient client;

    /** A broker that is busy when the first send comes, and does not answer the others. */
    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
        StubServer.Behaviour busyAtFirst = (request, peer) -> {
            sends.add(request);
            if (sends.size() == 1) {
                peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null);
            }
        };
        server.on(RequestCode.SEND_MESSAGE_V2, busyAtFirst);
        server.on(RequestCode.SEND_BATCH_MESSAGE, busyAtFirst);
        ClientSettings settings = new ClientSettings(server.address(), BOUND, null, null, null);
        client = ProtocolClient.start(settings, "test", RocketMqTranslator::error);
        client.nameServers().brokers(BOUND);
    }

    @AfterEach
    void end() throws IOException {
        client.close(BOUND);
        server.close();
    }

    private static void send(QueuePipe pipe, Outgoing message) {
        pipe.send(new QueuePipe.Parcel(
                message,
                RocketMqTranslator.message("t", message),
                System.nanoTime() + Duration.ofMinutes(1).toNanos()));
    }

    /** The thread that sends is slow: the answer to its first request is there before it is back from the client. */
    @Test
    void aBusyAnswerThatOvertakesTheSenderLeavesOneRequestUnderWay() {
        AtomicBoolean first = new AtomicBoolean(true);
        QueuePipe pipe = new QueuePipe(
                client,
                (messages, queue, timeout, answer) -> {
                    CompletableFuture<Void> answered = new CompletableFuture<>();
                    client.messages().send(messages, queue, timeout, (result, failure) -> {
                        answer.ended(result, failure);
                        answered.complete(null);
                    });
                    if (first.getAndSet(false)) {
                        answered.orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS)
                                .join();
                    }
                },
                QUEUE);
        send(pipe, Outgoing.text("1", "k", "m1"));
        await().atMost(BOUND).until(() -> sends.size() == 2);
        for (int i = 2; i <= 8; i++) {
            send(pipe, Outgoing.text("" + i, "k", "m" + i));
        }
        await().during(Duration.ofMillis(200)).atMost(BOUND).until(() -> sends.size() == 2);
        assertThat(new String(sends.get(1).getBody(), UTF_8)).isEqualTo("m1");
    }
}
