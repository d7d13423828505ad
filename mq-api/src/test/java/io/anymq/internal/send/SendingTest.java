package io.anymq.internal.send;

import static io.anymq.internal.send.FailedSend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendException.Outcome;
import io.anymq.VirtualTime;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendingTest {
    private static final ProducerOptions OPTIONS =
            ProducerOptions.builder().maxBlock(Duration.ZERO).build();

    private final VirtualTime time = new VirtualTime();
    private final ManualBroker broker = new ManualBroker();
    private final List<OutboundMessage> taken = new ArrayList<>();
    private final List<MessagingObserver> observers = new ArrayList<>();
    private final ReconnectSignal reconnectSignal = new ReconnectSignal();

    private Sending sending(Queue queue, ProducerOptions options) {
        broker.onSend = (address, message) -> taken.add(message);
        EngineContext engine = broker.engine(time, observers, reconnectSignal);
        return new Sending(engine, new Address.OfQueue(queue), queue, options, true);
    }

    private static CompletableFuture<Receipt> send(Sending sending, String id, @Nullable String key) {
        return sending.send(
                new EncodedMessage(id, key, id.getBytes(StandardCharsets.UTF_8), "text/plain", Map.of(), 0, 0, -1));
    }

    @Test
    void theFirstConfirmAfterAFailureIsTheBrokersReturn() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        var unused1 = send(sending, "1", null);
        taken.get(0).confirmed(null);
        assertThat(reconnectSignal.count()).isZero();
        var unused2 = send(sending, "2", null);
        var unused3 = send(sending, "3", null);
        var unused4 = send(sending, "4", null);
        taken.get(1).rejected(ManualBroker.down());
        assertThat(reconnectSignal.count()).isZero();
        taken.get(2).confirmed(null);
        taken.get(3).confirmed(null);
        assertThat(reconnectSignal.count()).isEqualTo(1);
    }

    /** As after a lost connection: each report may wake a thread that sends. */
    @Test
    void aKeyIsBlockedAsSoonAsAFailureIsAnnounced() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        CompletableFuture<Receipt> first = send(sending, "1", "a");
        CompletableFuture<Receipt> second = send(sending, "2", "b");
        taken.forEach(OutboundMessage::failing);
        taken.get(0).unknown(ManualBroker.down());
        assertThat(failure(send(sending, "3", "b")).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        assertThat(second).isNotDone();
        taken.get(1).unknown(ManualBroker.down());
        assertThat(failure(first).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(second).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(taken).hasSize(2);
        assertThat(sending.guard().blockedKeys()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theFirstOutcomeWins() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        CompletableFuture<Receipt> confirmed = send(sending, "1", null);
        taken.get(0).confirmed("native");
        taken.get(0).rejected(ManualBroker.down());
        assertThat(confirmed.join().unwrap(String.class)).contains("native");

        CompletableFuture<Receipt> rejected = send(sending, "2", null);
        taken.get(1).rejected(ManualBroker.down());
        taken.get(1).confirmed(null);
        assertThat(failure(rejected).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(failure(rejected).messageId()).isEqualTo("2");
        assertThat(sending.inFlight()).isZero();
    }

    @Test
    void withoutAConfirmASendEndsAsUnknown() {
        Sending sending = sending(
                Queue.of("orders"),
                OPTIONS.toBuilder().sendTimeout(Duration.ofSeconds(5)).build());
        CompletableFuture<Receipt> late = send(sending, "1", null);
        time.advance(Duration.ofSeconds(5));
        assertThat(late).isNotDone();
        time.advance(Duration.ofMillis(500));
        assertThat(failure(late).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(late).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(sending.inFlight()).isZero();
    }

    @Test
    void whatTimedOutKeepsItsBodyUntilTheAdapterIsDoneWithIt() {
        Sending sending = sending(
                Queue.of("orders"),
                OPTIONS.toBuilder().sendTimeout(Duration.ofSeconds(5)).build());
        send(sending, "payload", null).exceptionally(timedOut -> null);
        time.advance(Duration.ofSeconds(6));
        // an adapter that sends late must not store an empty message in its place
        assertThat(taken.get(0).body()).asString().isEqualTo("payload");
        taken.get(0).confirmed(null);
        assertThat(taken.get(0).body()).as("freed when it is no longer needed").isEmpty();
    }

    @Test
    void aFullWindowRefusesAndAnEndMakesRoom() {
        Sending sending = sending(
                Queue.of("orders").unordered(),
                OPTIONS.toBuilder().maxInFlight(2).build());
        CompletableFuture<Receipt> first = send(sending, "1", null);
        send(sending, "2", null).exceptionally(unknown -> null);
        SendException full = failure(send(sending, "3", null));
        assertThat(full.code()).isEqualTo(ErrorCode.FULL);
        assertThat(full.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(full.isRetryable()).isTrue();
        taken.get(0).confirmed(null);
        assertThat(first).isCompleted();
        assertThat(send(sending, "4", null)).isNotDone();
        assertThat(taken).hasSize(3);
    }

    @Test
    void aWindowOfAnySizeTakesExactlySoMany() {
        for (int size : List.of(1, 2, 3, 7, 100)) {
            taken.clear();
            Sending sending = sending(
                    Queue.of("orders").unordered(),
                    OPTIONS.toBuilder().maxInFlight(size).build());
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < size; i++) {
                    assertThat(send(sending, "m", null)).isNotDone();
                }
                assertThat(sending.inFlight()).isEqualTo(size);
                assertThat(failure(send(sending, "m", null)).code()).isEqualTo(ErrorCode.FULL);
                taken.forEach(message -> message.confirmed(null));
                assertThat(sending.inFlight()).isZero();
            }
        }
    }

    @Test
    void aFailedKeyIsBlockedUntilItIsResumed() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        CompletableFuture<Receipt> first = send(sending, "1", "a");
        taken.get(0).rejected(ManualBroker.down());
        assertThat(first).isCompletedExceptionally();
        SendException blocked = failure(send(sending, "2", "a"));
        assertThat(blocked.code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        assertThat(blocked.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(sending.guard().blockedKeys()).containsExactly("a");
        assertThat(send(sending, "3", "b")).as("other keys go on").isNotDone();
        sending.guard().resume("a");
        assertThat(send(sending, "4", "a")).isNotDone();
        assertThat(sending.guard().blockedKeys()).isEmpty();
    }

    @Test
    void totalOrderIsBlockedAsAWholeAndNoOrderNever() {
        Sending total = sending(Queue.of("orders").totalOrder(), OPTIONS);
        send(total, "1", "a").exceptionally(rejected -> null);
        taken.get(0).unknown(ManualBroker.down());
        assertThat(failure(send(total, "2", "b")).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        total.guard().resume("*");
        assertThat(send(total, "3", "b")).isNotDone();

        taken.clear();
        Sending unordered = sending(Queue.of("orders").unordered(), OPTIONS);
        send(unordered, "1", "a").exceptionally(rejected -> null);
        taken.get(0).rejected(ManualBroker.down());
        assertThat(send(unordered, "2", "a")).isNotDone();
    }

    @Test
    void closeReportsWhatIsLeftAsUnknown() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        CompletableFuture<Receipt> left = send(sending, "1", null);
        sending.close(Duration.ZERO);
        assertThat(failure(left).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(send(sending, "2", null)).code()).isEqualTo(ErrorCode.CLOSED);
        time.advance(Duration.ofSeconds(1));
        assertThat(time.waiting()).as("no timer is left").isZero();
    }

    @Test
    void aSendThatCrossesTheCloseEndsToo() {
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        broker.onSend = (address, message) -> sending.close(Duration.ZERO);
        CompletableFuture<Receipt> crossing = send(sending, "1", null);
        assertThat(failure(crossing).code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void practicallyForEverIsATimeOutToo() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        Sending sending = sending(
                Queue.of("orders"),
                OPTIONS.toBuilder().maxBlock(forEver).sendTimeout(forEver).build());
        CompletableFuture<Receipt> waiting = send(sending, "1", null);
        time.advance(Duration.ofHours(1));
        assertThat(waiting).isNotDone();
        taken.get(0).confirmed(null);
        assertThat(waiting).isCompleted();
        sending.close(forEver);
    }

    @Test
    void anObserverThatBreaksDoesNotKeepASendFromEnding() {
        observers.add(new MessagingObserver() {
            @Override
            public void sendEnded(MessagingEvent.SendEnded event) {
                throw new AssertionError("an observer's own defect");
            }
        });
        Sending sending = sending(Queue.of("orders"), OPTIONS);
        CompletableFuture<Receipt> future = send(sending, "1", null);
        taken.get(0).confirmed(null);
        assertThat(future).isCompleted();
    }

    @Test
    void flushEndsWithTheSendsMadeBeforeIt() {
        Sending sending = sending(Queue.of("orders").unordered(), OPTIONS);
        assertThat(sending.flush()).isCompleted();
        assertThat(send(sending, "1", null)).isNotDone();
        send(sending, "2", null).exceptionally(rejected -> null);
        CompletableFuture<Void> flushed = sending.flush();
        assertThat(send(sending, "3", null)).isNotDone();
        taken.get(0).confirmed(null);
        assertThat(flushed).isNotDone();
        taken.get(1).rejected(new MessagingException(ErrorCode.FULL, "no room"));
        assertThat(flushed).succeedsWithin(Duration.ofSeconds(10));
    }
}
