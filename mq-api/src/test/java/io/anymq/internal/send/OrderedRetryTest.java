package io.anymq.internal.send;

import static io.anymq.internal.send.FailedSend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException.Outcome;
import io.anymq.VirtualTime;
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

class OrderedRetryTest {
    private static final ProducerOptions OPTIONS = ProducerOptions.builder()
            .maxBlock(Duration.ZERO)
            .sendTimeout(Duration.ofSeconds(10))
            .retry(true)
            .build();

    private final VirtualTime time = new VirtualTime();
    private final ManualBroker broker = new ManualBroker();
    private final List<OutboundMessage> taken = new ArrayList<>();
    private Sending sending = open(Queue.of("orders"));

    private Sending open(Queue queue) {
        broker.onSend = (address, message) -> taken.add(message);
        return new Sending(
                broker.engine(time, List.of(), new ReconnectSignal()),
                new Address.OfQueue(queue),
                queue,
                OPTIONS,
                true);
    }

    private CompletableFuture<Receipt> send(String id, @Nullable String key) {
        return sending.send(
                new EncodedMessage(id, key, id.getBytes(StandardCharsets.UTF_8), "text/plain", Map.of(), 0, 0, -1));
    }

    /** The messages the adapter received since the last call. */
    private List<String> handedOver() {
        List<String> ids = taken.stream().map(OutboundMessage::id).toList();
        taken.clear();
        return ids;
    }

    private void pause() {
        time.advance(Duration.ofSeconds(1));
    }

    @Test
    void anOutageLeavesNoKeyBlockedAndNoOrderChanged() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "a");
        List<OutboundMessage> lost = List.copyOf(taken);
        handedOver();
        lost.get(0).unknown(ManualBroker.down());
        CompletableFuture<Receipt> third = send("3", "a");
        lost.get(1).unknown(ManualBroker.down());
        CompletableFuture<Receipt> other = send("x", "b");
        assertThat(handedOver()).as("what comes later waits, other keys do not").containsExactly("x");
        broker.onSend = broker::storeAndConfirm;
        time.advance(Duration.ofSeconds(2));
        assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
        assertThat(broker.ids(new Address.OfQueue(Queue.of("orders")).toString()))
                .containsExactly("1", "2", "3");
        assertThat(other).isNotDone();
        assertThat(sending.guard().blockedKeys()).isEmpty();
    }

    /** Otherwise one that is sent between two reports on a lost connection could be stored, and the place be lost. */
    @Test
    void laterSendsWaitAsSoonAsAFailureIsAnnounced() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "b");
        List<OutboundMessage> lost = List.copyOf(taken);
        handedOver();
        lost.forEach(OutboundMessage::failing);
        lost.get(0).unknown(ManualBroker.down());
        CompletableFuture<Receipt> third = send("3", "b");
        assertThat(handedOver()).isEmpty();
        lost.get(1).unknown(ManualBroker.down());
        broker.onSend = broker::storeAndConfirm;
        time.advance(Duration.ofSeconds(2));
        assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
        assertThat(broker.ids(new Address.OfQueue(Queue.of("orders")).toString()))
                .containsSubsequence("2", "3")
                .contains("1");
        assertThat(sending.guard().blockedKeys()).isEmpty();
    }

    @Test
    void anAnnouncementThatComesTooLateHoldsNothing() {
        CompletableFuture<Receipt> first = send("1", "a");
        taken.get(0).confirmed(null);
        taken.get(0).failing();
        CompletableFuture<Receipt> second = send("2", "a");
        assertThat(handedOver()).containsExactly("1", "2");
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
    }

    @Test
    void whatIsRepeatedIsConfirmedInOrderWithItsBody() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "a");
        List<OutboundMessage> lost = List.copyOf(taken);
        handedOver();
        lost.get(0).unknown(ManualBroker.down());
        lost.get(1).rejected(ManualBroker.down());
        CompletableFuture<Receipt> third = send("3", "a");
        pause();
        OutboundMessage again = taken.get(0);
        assertThat(handedOver()).containsExactly("1");
        assertThat(again.body()).asString(StandardCharsets.UTF_8).isEqualTo("1");
        lost.get(0).rejected(ManualBroker.down());
        assertThat(first)
                .as("a late report on the first attempt is no outcome of the second")
                .isNotDone();
        again.confirmed("native");
        assertThat(first.join().unwrap(String.class)).contains("native");
        pause();
        List<OutboundMessage> rest = List.copyOf(taken);
        assertThat(handedOver()).containsExactly("2", "3");
        CompletableFuture<Receipt> fourth = send("4", "a");
        assertThat(handedOver()).as("the line is empty, sends pass again").containsExactly("4");
        rest.forEach(message -> message.confirmed(null));
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(fourth).isNotDone();
        assertThat(sending.guard().blockedKeys()).isEmpty();
        assertThat(sending.inFlight()).isEqualTo(1);
    }

    @Test
    void aSendThatFailsAgainIsRepeatedAgainAndAheadOfTheRest() {
        send("1", "a").exceptionally(unused -> null);
        send("2", "a").exceptionally(unused -> null);
        List.copyOf(taken).forEach(message -> message.rejected(ManualBroker.down()));
        handedOver();
        for (int attempt = 0; attempt < 3; attempt++) {
            pause();
            OutboundMessage again = taken.get(0);
            assertThat(handedOver()).containsExactly("1");
            again.rejected(ManualBroker.down());
        }
        pause();
        taken.get(0).confirmed(null);
        assertThat(handedOver()).containsExactly("1");
        pause();
        assertThat(handedOver()).containsExactly("2");
    }

    @Test
    void theOutcomeIsTrueWhenTheTimeIsUp() {
        CompletableFuture<Receipt> unknownOnce = send("u", "u");
        CompletableFuture<Receipt> neverStored = send("r", "r");
        taken.get(0).unknown(ManualBroker.down());
        taken.get(1).rejected(ManualBroker.down());
        CompletableFuture<Receipt> behind = send("behind", "r");
        broker.onSend = (address, message) -> message.rejected(ManualBroker.down());
        time.advance(Duration.ofSeconds(11));
        assertThat(failure(unknownOnce).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(neverStored).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(failure(neverStored).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(behind).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(sending.guard().blockedKeys()).containsExactlyInAnyOrder("u", "r");
        assertThat(sending.inFlight()).isZero();
        assertThat(failure(send("later", "r")).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        sending.guard().resume();
        handedOver();
        broker.onSend = (address, message) -> taken.add(message);
        assertThat(send("after", "r")).isNotDone();
        assertThat(handedOver()).containsExactly("after");
    }

    @Test
    void anAttemptUnderWayWhenTheTimeIsUpIsUnknown() {
        CompletableFuture<Receipt> rejected = send("1", "a");
        taken.get(0).rejected(ManualBroker.down());
        time.advance(Duration.ofSeconds(11));
        assertThat(taken).as("one repetition, never answered").hasSize(2);
        assertThat(failure(rejected).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aSendWhoseSuccessorIsStoredIsNotRepeated() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "a");
        CompletableFuture<Receipt> waiting;
        taken.get(0).unknown(ManualBroker.down());
        waiting = send("3", "a");
        taken.get(1).confirmed(null);
        assertThat(second).isCompleted();
        assertThat(failure(first).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(waiting).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        handedOver();
        pause();
        assertThat(taken).isEmpty();
        assertThat(sending.guard().blockedKeys()).containsExactly("a");
    }

    @Test
    void aSuccessorThatWasConfirmedBeforeIsNoticedToo() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "a");
        taken.get(1).confirmed(null);
        taken.get(0).unknown(ManualBroker.down());
        assertThat(second).isCompleted();
        assertThat(failure(first).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatIsCertainlyAbsentIsNotRepeatedBehindWhatMayBeStored() {
        CompletableFuture<Receipt> first = send("1", "a");
        CompletableFuture<Receipt> second = send("2", "a");
        List<OutboundMessage> sent = List.copyOf(taken);
        handedOver();
        sent.get(0).rejected(ManualBroker.down());
        sent.get(1).unknown(ManualBroker.down());
        assertThat(failure(first).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(failure(second).outcome()).isEqualTo(Outcome.UNKNOWN);
        pause();
        assertThat(taken).isEmpty();
    }

    @Test
    void whatWaitsInTheAdapterIsCalledBackAndKeepsItsPlace() {
        send("1", "a").exceptionally(unused -> null);
        send("2", "a").exceptionally(unused -> null);
        List<OutboundMessage> sent = List.copyOf(taken);
        handedOver();
        assertThat(sent.get(1).leaves()).isTrue();
        sent.get(0).rejected(ManualBroker.down());
        send("3", "a").exceptionally(unused -> null);
        assertThat(sent.get(1).leaves()).as("1 has failed").isFalse();
        pause();
        taken.get(0).confirmed(null);
        assertThat(handedOver()).containsExactly("1");
        pause();
        assertThat(taken).allMatch(OutboundMessage::leaves);
        assertThat(handedOver()).containsExactly("2", "3");
    }

    @Test
    void whatCannotBeRepeatedFailsAtOnce() {
        CompletableFuture<Receipt> refused = send("1", "a");
        taken.get(0).rejected(new MessagingException(ErrorCode.AUTHORIZATION, "not yours"));
        assertThat(failure(refused).code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(failure(send("2", "a")).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
    }

    @Test
    void totalOrderWaitsAsAWhole() {
        sending = open(Queue.of("orders").totalOrder());
        send("1", "a").exceptionally(unused -> null);
        taken.get(0).unknown(ManualBroker.down());
        handedOver();
        send("2", "b").exceptionally(unused -> null);
        send("3", null).exceptionally(unused -> null);
        assertThat(taken).isEmpty();
        pause();
        taken.get(0).confirmed(null);
        pause();
        assertThat(handedOver()).containsExactly("1", "2", "3");
    }

    @Test
    void whatHasNoOrderIsRepeatedAlone() {
        CompletableFuture<Receipt> alone = send("1", null);
        taken.get(0).unknown(ManualBroker.down());
        handedOver();
        assertThat(send("2", null)).isNotDone();
        assertThat(handedOver()).containsExactly("2");
        pause();
        taken.get(0).confirmed(null);
        assertThat(alone).isCompleted();
    }

    @Test
    void closeEndsWhatIsStillRepeated() {
        CompletableFuture<Receipt> repeated = send("1", "a");
        taken.get(0).unknown(ManualBroker.down());
        CompletableFuture<Receipt> waiting = send("2", "a");
        sending.close(Duration.ZERO);
        assertThat(failure(repeated).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(waiting).outcome()).isEqualTo(Outcome.REJECTED);
        handedOver();
        pause();
        assertThat(taken).isEmpty();
        assertThat(time.waiting()).as("no timer is left").isZero();
    }
}
