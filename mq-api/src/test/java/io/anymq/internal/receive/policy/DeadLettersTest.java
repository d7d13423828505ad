package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.internal.support.CapturedLog;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.DeadLetterPolicy.WhenRefused;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Letters that the dead-letter queue refuses. */
class DeadLettersTest extends OnManualBroker {
    private final List<Map<String, String>> tried = new CopyOnWriteArrayList<>();

    private Consumer failing(DeadLetterPolicy policy) {
        return consumer(ORDERS).retry(RetryPolicy.never()).deadLetter(policy).start(delivery -> {
            note(delivery);
            if (delivery.id().equals("a1")) {
                throw new IllegalStateException("the reason");
            }
        });
    }

    private static DeadLetterPolicy when(WhenRefused answer) {
        return DeadLetterPolicy.builder()
                .exceptionDetails(true)
                .whenRefused(answer)
                .build();
    }

    private static MessagingException tooLarge() {
        return new MessagingException(ErrorCode.TOO_LARGE, "larger than the queue takes");
    }

    private void refuse(Predicate<OutboundMessage> refused, MessagingException error) {
        broker.onSend = (address, message) -> {
            if (!address.equals(AT_DEAD)) {
                broker.storeAndConfirm(address, message);
                return;
            }
            tried.add(message.headers());
            if (refused.test(message)) {
                message.rejected(error);
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
    }

    @Test
    void aLetterThatIsTooLargeGoesWithoutDetails() {
        refuse(message -> message.headers().containsKey(WireHeaders.DEAD_DETAILS), tooLarge());
        put("a", "a1", "a2");
        settledAll(failing(when(WhenRefused.WAIT)));
        assertThat(broker.at(AT_DEAD))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers())
                        .containsKey(WireHeaders.DEAD_EXCEPTION)
                        .doesNotContainKey(WireHeaders.DEAD_DETAILS));
        assertThat(tried).hasSize(2);
        assertThat(handled).containsExactly("a1#1", "a2#1");
    }

    @Test
    void theSmallestLetterKeepsItsWayBack() throws Exception {
        refuse(message -> message.headers().containsKey(WireHeaders.DEAD_EXCEPTION), tooLarge());
        broker.put(
                AT_ORDERS,
                "a1",
                "a",
                Map.of(
                        "tenant",
                        "t1",
                        WireHeaders.DEAD_SOURCE,
                        "queue:first",
                        WireHeaders.DEAD_ORDERING,
                        "TOTAL",
                        WireHeaders.DEAD_REASON,
                        "PERMANENT",
                        WireHeaders.DEAD_EXCEPTION,
                        "java.io.IOException"));
        Consumer consumer = failing(when(WhenRefused.WAIT));
        settledAll(consumer);
        assertThat(tried).hasSize(3);
        assertThat(broker.at(AT_DEAD))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers())
                        .containsEntry("tenant", "t1")
                        .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                        .containsEntry(WireHeaders.DEAD_SOURCE + "-1", "queue:first")
                        .containsEntry(WireHeaders.DEAD_ORDERING + "-1", "TOTAL")
                        .doesNotContainKey(WireHeaders.DEAD_EXCEPTION + "-1"));
        closeSoon(consumer);
        RedriveOptions options =
                RedriveOptions.builder().idle(Duration.ofMillis(300)).build();
        assertThat(client().redrive(Queue.of("orders-dead"), options)
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .redriven())
                .isOne();
    }

    @Test
    void whatIsRefusedForGoodWaitsVisiblyAndOthersGoOn() {
        refuse(message -> true, tooLarge());
        put("a", "a1", "a2");
        put("b", "b1");
        Consumer consumer = failing(when(WhenRefused.WAIT));
        String atFirst = CapturedLog.of(() -> advancingUntil(() -> tried.size() >= 5));
        eventually(() -> handled.contains("b1#1"));
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(consumer.health().detail())
                .contains("dead-letter queue orders-dead does not take message a1 of orders")
                .contains("larger than the queue takes");
        assertThat(atFirst).containsOnlyOnce("Could not publish message a1 of orders to dead-letter queue orders-dead");
        String inAMinute = CapturedLog.of(() -> advancingUntil(Duration.ofSeconds(5), () -> tried.size() >= 20));
        assertThat(inAMinute)
                .containsOnlyOnce("Could not publish message a1 of orders to dead-letter queue orders-dead");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1", "a2");
        broker.onSend = broker::storeAndConfirm;
        advancingUntil(Duration.ofSeconds(5), () -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        eventually(() -> consumer.health().status() == Health.Status.UP);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
    }

    @Test
    void whatIsRefusedForGoodIsDroppedIfThePolicySaysSo() {
        refuse(message -> true, tooLarge());
        put("a", "a1", "a2");
        Consumer consumer = failing(when(WhenRefused.DISCARD));
        settledAll(consumer);
        assertThat(tried).hasSize(3);
        assertThat(handled).containsExactly("a1#1", "a2#1");
        assertThat(observer.discarded).containsExactly("a1 MAX_ATTEMPTS 1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        eventually(() -> consumer.health().status() == Health.Status.UP);
    }

    @Test
    void whatIsRefusedForGoodStopsTheConsumerIfThePolicySaysSo() {
        refuse(message -> true, new MessagingException(ErrorCode.AUTHORIZATION, "no right to write"));
        put("a", "a1", "a2");
        Consumer consumer = failing(when(WhenRefused.STOP));
        eventually(() -> consumer.whenClosed().isCompletedExceptionally());
        assertThat(consumer.health().detail()).contains("a1").contains("no right to write");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1", "a2");
    }

    @Test
    void whatMayBeTakenLaterIsNotRefusedForGood() {
        refuse(message -> tried.size() < 3, new MessagingException(ErrorCode.UNAVAILABLE, "not now", true, null));
        put("a", "a1");
        Consumer consumer = failing(when(WhenRefused.DISCARD));
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
        assertThat(observer.discarded).isEmpty();
    }

    @Test
    void aQueueThatIsGoneIsCreatedAgain() {
        MessagingException gone = new MessagingException(ErrorCode.NOT_FOUND, "no such queue");
        refuse(
                message -> broker.provisions.stream()
                                .filter("CREATE queue orders-dead"::equals)
                                .count()
                        < 2,
                gone);
        put("a", "a1", "a2");
        Consumer consumer = failing(when(WhenRefused.STOP));
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
        assertThat(handled).containsExactly("a1#1", "a2#1");
    }

    @Test
    void aPolicyThatKeepsNothingHasNothingThatCouldBeRefused() {
        assertThatThrownBy(() -> DeadLetterPolicy.builder()
                        .discard(true)
                        .whenRefused(WhenRefused.STOP)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whenRefused=STOP cannot be combined with discard=true");
        assertThat(when(WhenRefused.DISCARD).toBuilder().build()).isEqualTo(when(WhenRefused.DISCARD));
        assertThat(when(WhenRefused.DISCARD)).isNotEqualTo(when(WhenRefused.WAIT));
    }
}
