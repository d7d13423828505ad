package io.anymq.rocketmq.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.rocketmq.protocol.MessageRequests.Pull;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that refuse, stay silent, hang up or answer nonsense. */
class ProtocolClientTest {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final MessageQueue QUEUE = new MessageQueue("t", StubServer.BROKER, 0);

    private final CountDownLatch membersChanged = new CountDownLatch(1);
    private StubServer server;
    private ProtocolClient client;

    /** Carries the failure out of a request that is waited for. */
    private static final class Failed extends MessagingException {
        final transient Failure failure;

        Failed(String action, Failure failure) {
            super(ErrorCode.INTERNAL, action);
            this.failure = failure;
        }
    }

    /** The outcome of a request that is not waited for. */
    private static final class Outcome<T> implements Answer<T> {
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final CompletableFuture<Failure> failure = new CompletableFuture<>();

        @Override
        public void ended(@Nullable T came, @Nullable Failure failed) {
            assertThat(answer.isDone() || failure.isDone()).as("ended twice").isFalse();
            if (failed == null) {
                answer.complete(came);
            } else {
                failure.complete(failed);
            }
        }

        Failure failure() throws Exception {
            return failure.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
        client = client(server.address());
        client.onMembersChanged(membersChanged::countDown);
        client.nameServers().brokers(BOUND);
    }

    private ProtocolClient client(String nameServer) {
        return ProtocolClient.start(new ClientSettings(nameServer, BOUND, null, null, null), "test", Failed::new);
    }

    @AfterEach
    void end() throws IOException {
        client.close(BOUND);
        server.close();
    }

    private static Failure failure(Runnable request) {
        Failed[] failed = new Failed[1];
        assertThatThrownBy(request::run).isInstanceOfSatisfying(Failed.class, e -> failed[0] = e);
        return failed[0].failure;
    }

    private Outcome<SendResult> send(Duration timeout) {
        Outcome<SendResult> outcome = new Outcome<>();
        client.messages().send(List.of(new Message("t", "x".getBytes(UTF_8))), QUEUE, timeout, outcome);
        return outcome;
    }

    @Test
    void aRefusalNamesItsReasonAndTheServersRemark() throws Exception {
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.reply(request, ResponseCode.SYSTEM_BUSY, "[REJECTREQUEST] busy", null));
        server.on(
                RequestCode.GET_MAX_OFFSET,
                (request, peer) -> peer.reply(request, ResponseCode.NO_PERMISSION, "no permission", null));
        Failure refused = send(BOUND).failure();
        assertThat(refused.reason()).isEqualTo(Reason.BUSY);
        assertThat(refused.cause()).hasMessageContaining("[REJECTREQUEST] busy");
        assertThatThrownBy(() -> client.broker(QUEUE, BOUND).end(QUEUE))
                .hasMessageContaining("reading the end offset")
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure.reason()).isEqualTo(Reason.NO_PERMISSION));
    }

    /** A connection that nothing has come from since would fail every later request as slowly. */
    @Test
    void anAnswerThatDoesNotComeEndsTheSilentConnection() throws Exception {
        assertThat(send(SHORT).failure().reason()).isEqualTo(Reason.TIMEOUT);
        await().atMost(BOUND).until(() -> server.ended() == 1);
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null));
        assertThat(send(BOUND).failure().reason()).isEqualTo(Reason.BUSY);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aServerThatIsOnlySlowKeepsItsConnection() throws Exception {
        server.on(
                RequestCode.UPDATE_CONSUMER_OFFSET,
                (request, peer) -> peer.reply(request, ResponseCode.SUCCESS, null, null));
        Outcome<SendResult> unanswered = send(SHORT);
        Outcome<Long> committed = new Outcome<>();
        client.broker(QUEUE, BOUND).commit("g", QUEUE, 7, committed);
        assertThat(committed.answer.get(BOUND.toMillis(), TimeUnit.MILLISECONDS))
                .isEqualTo(7);
        assertThat(unanswered.failure().reason()).isEqualTo(Reason.TIMEOUT);
        client.broker(QUEUE, BOUND).commit("g", QUEUE, 8);
        assertThat(server.ended()).isZero();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aCallerThatWaitsIsToldOfTheTimeOut() {
        assertThat(failure(() -> client.broker(QUEUE, SHORT).end(QUEUE)).reason())
                .isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void anInterruptedCallerIsToldAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        Failure failure = failure(() -> client.broker(QUEUE, BOUND).end(QUEUE));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
        assertThat(failure.cause()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anInterruptedCallerSendsAndStaysInterrupted() throws Exception {
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.reply(request, ResponseCode.SYSTEM_BUSY, "busy", null));
        Thread.currentThread().interrupt();
        Outcome<SendResult> outcome = send(BOUND);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.failure().reason()).isEqualTo(Reason.BUSY);
    }

    @Test
    void aConnectionClosedInMidAnswerLeavesTheOutcomeOpenAtOnce() throws Exception {
        StubServer.Behaviour half = (request, peer) -> {
            byte[] whole = StubServer.response(request, ResponseCode.SUCCESS, null, new byte[100]);
            peer.write(Arrays.copyOf(whole, whole.length / 2));
            peer.hangUp();
        };
        server.on(RequestCode.SEND_MESSAGE_V2, half);
        server.on(RequestCode.GET_MAX_OFFSET, half);
        server.on(RequestCode.PULL_MESSAGE, half);
        Failure failure = send(Duration.ofMinutes(5)).failure();
        assertThat(failure.reason()).isEqualTo(Reason.NO_ANSWER);
        assertThat(failure.reason().nothingStored()).isFalse();
        assertThat(failure(() -> client.broker(QUEUE, Duration.ofMinutes(5)).end(QUEUE))
                        .reason())
                .isEqualTo(Reason.NO_ANSWER);
        Outcome<PullResult> pulled = new Outcome<>();
        client.messages().pull(new Pull("g", QUEUE, 0, 32, BOUND), Duration.ofMinutes(5), pulled);
        assertThat(pulled.failure().reason().nothingStored()).isFalse();
    }

    @Test
    void anAnswerThatIsNoFrameOfTheProtocolEndsTheConnection() throws Exception {
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.write(new byte[] {0, 0, 0, 8, 0, 0, 0, 99, 1, 2, 3, 4}));
        assertThat(send(Duration.ofMinutes(5)).failure().reason()).isEqualTo(Reason.NO_ANSWER);
        await().atMost(BOUND).until(() -> server.ended() == 1);
    }

    /** A send that cannot be read may well be stored. */
    @Test
    void anAnswerThatLacksWhatItMustSayLeavesTheOutcomeOpen() throws Exception {
        server.on(
                RequestCode.SEND_MESSAGE_V2,
                (request, peer) -> peer.reply(request, ResponseCode.SUCCESS, null, "nonsense".getBytes(UTF_8)));
        Failure failure = send(BOUND).failure();
        assertThat(failure.reason()).isEqualTo(Reason.NO_ANSWER);
        assertThat(failure.reason().nothingStored()).isFalse();
    }

    @Test
    void aBrokerSaysThatTheMembersOfAGroupChanged() throws Exception {
        server.on(RequestCode.HEART_BEAT, (request, peer) -> {
            peer.reply(request, ResponseCode.SUCCESS, null, null);
            peer.ask(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED);
        });
        client.broker(StubServer.BROKER, BOUND).heartbeat("g", "me", List.of("t"));
        assertThat(membersChanged.await(BOUND.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @Test
    void otherRequestsOfABrokerChangeNothing() throws Exception {
        server.on(RequestCode.HEART_BEAT, (request, peer) -> {
            peer.ask(RequestCode.RESET_CONSUMER_CLIENT_OFFSET);
            peer.ask(RequestCode.CHECK_TRANSACTION_STATE);
            peer.reply(request, ResponseCode.SUCCESS, null, null);
        });
        client.broker(StubServer.BROKER, BOUND).ping();
        client.broker(StubServer.BROKER, BOUND).ping();
        assertThat(membersChanged.getCount()).isEqualTo(1);
    }

    @Test
    void aRequestToAnUnregisteredBrokerIsNotSent() throws Exception {
        MessageQueue elsewhere = new MessageQueue("t", "other", 0);
        Failure failure = failure(() -> client.broker(elsewhere, BOUND).end(elsewhere));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_SENT);
        assertThat(failure.cause()).hasMessageContaining("the broker other is not registered");
        Outcome<SendResult> outcome = new Outcome<>();
        client.messages().send(List.of(new Message("t", new byte[1])), elsewhere, BOUND, outcome);
        assertThat(outcome.failure().reason()).isEqualTo(Reason.NOT_SENT);
    }

    @Test
    void aRequestToAServerThatIsGoneIsNotSent() throws Exception {
        server.close();
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(send(BOUND).failure().reason()).isEqualTo(Reason.NOT_SENT));
        assertThat(failure(() -> client.broker(QUEUE, BOUND).end(QUEUE)).reason())
                .isEqualTo(Reason.NOT_SENT);
    }

    @Test
    void anotherServersSilenceIsATimeOutNotAHang() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProtocolClient lost = client("127.0.0.1:" + silent.getLocalPort());
            long start = System.nanoTime();
            failure(() -> lost.nameServers().brokers(SHORT));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
            lost.close(BOUND);
        }
    }

    @Test
    void aClosedClientEndsItsThreadAndAnswersAllTheSame() throws Exception {
        client.close(BOUND);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("anymq-rocketmq-test"));
        Reason ofSend = send(BOUND).failure().reason();
        assertThat(ofSend).isEqualTo(Reason.CLOSED_UNSENT);
        assertThat(ofSend.nothingStored()).isTrue();
        assertThat(failure(() -> client.nameServers().brokers(BOUND)).reason()).isEqualTo(Reason.CLOSED_UNSENT);
    }

    @Test
    void whatIsUnderWayAtTheCloseEndsWithoutAnAnswer() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        server.on(RequestCode.SEND_MESSAGE_V2, (request, peer) -> received.countDown());
        Outcome<SendResult> outcome = send(Duration.ofMinutes(5));
        assertThat(received.await(BOUND.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        client.close(BOUND);
        assertThat(outcome.failure().reason().nothingStored()).isFalse();
    }

    @Test
    void theVendorsObjectIsThereForWhatAnyMqDoesNotOffer() {
        assertThat(client.unwrap(MQClientAPIImpl.class)).isPresent();
        assertThat(client.unwrap(String.class)).isEmpty();
    }
}
