package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Publish and confirm first, settle then. */
class DeadLetterLayerTest extends OnManualBroker {
    private final AtomicInteger refused = new AtomicInteger();

    private Consumer failing(DeadLetterPolicy policy, String... bad) {
        return consumer(ORDERS).retry(RetryPolicy.never()).deadLetter(policy).start(delivery -> {
            note(delivery);
            if (List.of(bad).contains(delivery.id())) {
                throw new IllegalStateException("the reason");
            }
        });
    }

    private void answerDeadLettersWith(java.util.function.Consumer<OutboundMessage> answer) {
        broker.onSend = (address, message) -> {
            if (address.equals(AT_DEAD)) {
                refused.incrementAndGet();
                answer.accept(message);
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
    }

    @Test
    void aRefusedDeadLetterKeepsTheOriginalAndItsKeyUntilItIsTaken() {
        answerDeadLettersWith(message -> message.rejected(ManualBroker.down()));
        put("a", "a1", "a2");
        put("b", "b1");
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        advancingUntil(() -> refused.get() >= 5);
        eventually(() -> broker.ids(AT_ORDERS).equals(List.of("a1", "a2")));
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "b1#1");
        assertThat(observer.deadLetters).isEmpty();
        broker.onSend = broker::storeAndConfirm;
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "b1#1", "a2#1");
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
        assertThat(observer.deadLetters).containsExactly("a1 MAX_ATTEMPTS orders-dead");
    }

    @Test
    void anUnknownOutcomeIsNoConfirmEither() {
        answerDeadLettersWith(message -> message.unknown(ManualBroker.down()));
        put("a", "a1");
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        advancingUntil(() -> refused.get() >= 3);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1");
        broker.onSend = broker::storeAndConfirm;
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
    }

    @Test
    void aDeadLetterWithoutAnOutcomeIsSentAgainAfterTheTimeOut() {
        answerDeadLettersWith(message -> {});
        put("a", "a1");
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        eventually(() -> refused.get() == 1);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1");
        broker.onSend = broker::storeAndConfirm;
        advancingUntil(
                java.time.Duration.ofSeconds(1), () -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
    }

    @Test
    void aCloseDoesNotWaitForADeadLetterQueueThatTakesNothing() throws Exception {
        answerDeadLettersWith(message -> message.rejected(ManualBroker.down()));
        put("a", "a1", "a2");
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        eventually(() -> refused.get() >= 1);
        closeSoon(consumer);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1", "a2");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void aDeadLetterIsWhatWasSentAndSaysWhy() {
        broker.put(AT_ORDERS, "a1", "a", Map.of("tenant", "t1", WireHeaders.ATTEMPTS, "0"));
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        settledAll(consumer);
        StoredMessage dead = broker.at(AT_DEAD).get(0);
        assertThat(dead.key()).isEqualTo("a");
        assertThat(new String(dead.body(), StandardCharsets.UTF_8)).isEqualTo("a1");
        assertThat(dead.contentType()).isEqualTo("text/plain; charset=utf-8");
        String now = Long.toString(time.currentTimeMillis());
        assertThat(dead.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "tenant",
                        "t1",
                        WireHeaders.DEAD_REASON,
                        "MAX_ATTEMPTS",
                        WireHeaders.DEAD_SOURCE,
                        "queue:orders",
                        WireHeaders.DEAD_ORDERING,
                        "PER_KEY",
                        WireHeaders.DEAD_ATTEMPTS,
                        "1",
                        WireHeaders.DEAD_FIRST_AT,
                        now,
                        WireHeaders.DEAD_LAST_AT,
                        now,
                        WireHeaders.DEAD_EXCEPTION,
                        "java.lang.IllegalStateException"));
    }

    @Test
    void detailsAreWrittenOnRequestOnly() {
        put("a", "a1");
        Consumer consumer =
                failing(DeadLetterPolicy.builder().exceptionDetails(true).build(), "a1");
        settledAll(consumer);
        assertThat(broker.at(AT_DEAD).get(0).headers().get(WireHeaders.DEAD_DETAILS))
                .contains("the reason")
                .contains(getClass().getName());
    }

    @Test
    void whatFollowsAParkedKeyMeetsNoHandlerUntilTheKeyIsResumed() {
        put("a", "a1", "a2");
        put("b", "b1");
        put(null, "n1");
        Consumer consumer = failing(DeadLetterPolicy.parkKey(), "a1");
        settledAll(consumer);
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "b1#1", "n1#1");
        assertThat(consumer.parkedKeys()).containsExactly("a");
        assertThat(observer.deadLetters).containsExactly("a1 MAX_ATTEMPTS orders-dead", "a2 KEY_PARKED orders-dead");
        consumer.resumeKey("b");
        assertThat(consumer.parkedKeys()).containsExactly("a");
        consumer.resumeKey("a");
        put("a", "a3");
        settledAll(consumer);
        assertThat(handled).contains("a3#1");
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1", "a2");
    }

    @Test
    void aPolicyThatContinuesParksNothing() {
        put("a", "a1", "a2");
        Consumer consumer = failing(DeadLetterPolicy.DEFAULT, "a1");
        settledAll(consumer);
        assertThat(consumer.parkedKeys()).isEmpty();
        assertThat(handled).containsExactly("a1#1", "a2#1");
    }

    @Test
    void whatIsDiscardedIsSettledAndKeptNowhere() {
        broker.onSend = (address, message) -> message.rejected(ManualBroker.down());
        put("a", "a1", "a2");
        Consumer consumer = failing(DeadLetterPolicy.discard(), "a1");
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "a2#1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        assertThat(observer.deadLetters).isEmpty();
        assertThat(observer.discarded).containsExactly("a1 MAX_ATTEMPTS 1");
        assertThat(observer.settled).containsExactly("a1", "a2");
    }

    @Test
    void stopKeepsTheMessageAndEndsTheConsumer() {
        put("a", "a1", "a2");
        Consumer consumer = failing(DeadLetterPolicy.stop(), "a1");
        eventually(() -> consumer.health().status() == Health.Status.DOWN && consumer.inFlight() == 0);
        assertThat(consumer.health().detail()).contains("a1").contains("MAX_ATTEMPTS");
        eventually(() -> consumer.whenClosed().isCompletedExceptionally());
        put("b", "b1");
        assertThat(handled).containsExactly("a1#1");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a1", "a2", "b1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void aQueueIsNotItsOwnDeadLetterQueue() {
        assertThatThrownBy(() -> failing(DeadLetterPolicy.to("orders"), "a1"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("the dead-letter queue of queue orders is the queue itself");
        assertThat(broker.provisions).isEmpty();
    }

    @Test
    void anotherQueueMayBeNamed() {
        put("a", "a1");
        Consumer consumer = failing(DeadLetterPolicy.to("graveyard"), "a1");
        settledAll(consumer);
        assertThat(broker.ids("queue graveyard")).containsExactly("a1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void inABatchAKeyThatIsParkedMidwayParksWhatWaitsBehindIt() {
        put("a", "a1", "a2", "a3");
        Consumer consumer = consumer(ORDERS)
                .concurrency(1)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.parkKey())
                .startBatch(10, deliveries -> {
                    if (deliveries.size() > 1) {
                        throw new IllegalStateException("not together");
                    }
                    Delivery<String> only = deliveries.get(0);
                    handled.add(only.id());
                    if (only.id().equals("a1")) {
                        throw new IllegalStateException("bad");
                    }
                });
        settledAll(consumer);
        assertThat(handled).containsExactly("a1");
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1", "a2", "a3");
    }
}
