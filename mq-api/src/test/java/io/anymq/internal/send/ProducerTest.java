package io.anymq.internal.send;

import static io.anymq.internal.send.FailedSend.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.spi.Capability;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Producers, on a broker that answers as the test says. */
class ProducerTest extends OnManualBroker {
    private final List<OutboundMessage> sent = new CopyOnWriteArrayList<>();

    private static Message<String> text(String id, String key) {
        return Message.of(id).withId(id).withKey(key);
    }

    /** The outcomes of a send. */
    enum End {
        CONFIRMED,
        REJECTED,
        UNKNOWN,
        NEVER
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void everySendIsToldExactlyOnceWhateverTheAdapterSays(End end) {
        broker.onSend = (address, message) -> {
            switch (end) {
                case CONFIRMED -> message.confirmed(null);
                case REJECTED -> message.rejected(ManualBroker.down());
                case UNKNOWN -> message.unknown(ManualBroker.down());
                case NEVER -> sent.add(message);
            }
            if (end != End.NEVER) {
                message.unknown(ManualBroker.down());
                message.confirmed(null);
                message.rejected(ManualBroker.down());
            }
        };
        CompletableFuture<?> send;
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            send = producer.send(text("m1", "k"));
            if (end == End.NEVER) {
                time.advance(Duration.ofSeconds(29));
                assertThat(send).isNotDone();
                assertThat(observer.sends).isEmpty();
                time.advance(Duration.ofSeconds(2));
                sent.get(0).confirmed(null);
            }
            assertThat(send).isDone();
            assertThat(producer.inFlight()).isZero();
        }
        String told = end == End.NEVER ? "UNKNOWN" : end.name();
        assertThat(observer.sends).containsExactly("queue orders " + told);
        if (end != End.CONFIRMED) {
            assertThat(failure(send).outcome().name()).isEqualTo(told);
        }
    }

    @Test
    void aRefusalOfTheEngineIsToldOnceToo() {
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            assertThat(failure(producer.send(Message.of("x").withDelay(Duration.ofSeconds(1))))
                            .code())
                    .isEqualTo(ErrorCode.UNSUPPORTED);
        }
        assertThat(observer.sends).containsExactly("queue orders REJECTED");
    }

    @Test
    void aFailureBlocksItsKeyAloneAndResumingOneFreesThatOneAlone() {
        broker.onSend = (address, message) -> {
            if (message.id().startsWith("bad")) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            failure(producer.send(text("bad1", "a")));
            failure(producer.send(text("bad2", "b")));
            assertThat(producer.blockedKeys()).containsExactlyInAnyOrder("a", "b");
            assertThat(failure(producer.send(text("a1", "a"))).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
            producer.send(text("c1", "c")).join();
            producer.send(Message.of("n1").withId("n1")).join();
            producer.resumeKey("a");
            producer.send(text("a2", "a")).join();
            assertThat(producer.blockedKeys()).containsExactly("b");
            assertThat(failure(producer.send(text("b1", "b"))).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
            producer.resumeKey("b");
            producer.send(text("b2", "b")).join();
            assertThat(producer.blockedKeys()).isEmpty();
        }
        assertThat(broker.ids(AT_ORDERS)).containsExactly("c1", "n1", "a2", "b2");
    }

    @Test
    void withoutOrderNothingIsBlocked() {
        broker.onSend = (address, message) -> message.rejected(ManualBroker.down());
        try (Producer<String> producer = client().producer(ORDERS.unordered(), String.class)) {
            failure(producer.send(text("m1", "a")));
            broker.onSend = broker::storeAndConfirm;
            producer.send(text("m2", "a")).join();
            assertThat(producer.blockedKeys()).isEmpty();
        }
    }

    @Test
    void aDelayNeedsADestinationWithoutOrderOrAMessageWithoutKey() {
        broker.with(Capability.DELAY, Support.NATIVE);
        Duration delay = Duration.ofSeconds(5);
        Queue total = Queue.of("total").totalOrder();
        try (Producer<String> inTotalOrder = client().producer(total, String.class);
                Producer<String> perKey = client().producer(ORDERS, String.class)) {
            SendException refused = failure(inTotalOrder.send(Message.of("x").withDelay(delay)));
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(failure(perKey.send(text("m1", "a").withDelay(delay))).code())
                    .isEqualTo(ErrorCode.INVALID_MESSAGE);
            perKey.send(Message.of("x").withId("m2").withDelay(delay)).join();
        }
        assertThat(broker.ids("queue total")).isEmpty();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m2");
        assertThat(broker.at(AT_ORDERS).get(0).deliverAtMillis()).isEqualTo(time.currentTimeMillis() + 5_000);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aBatchThatCannotBeReadFailsTheFuture() {
        List<Message<String>> broken = new AbstractList<>() {
            @Override
            public Message<String> get(int index) {
                throw new ConcurrentModificationException();
            }

            @Override
            public int size() {
                return 2;
            }
        };
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            for (var results : Arrays.asList(producer.sendBatch(broken), producer.sendBatch(null))) {
                assertThatThrownBy(results::join)
                        .cause()
                        .isInstanceOfSatisfying(
                                MessagingException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
            }
        }
        assertThat(observer.sends).isEmpty();
    }

    @Test
    void aBatchGivesEachMessageItsOwnResultInOrder() {
        broker.onSend = (address, message) -> {
            switch (message.id()) {
                case "m2" -> message.rejected(ManualBroker.down());
                case "m4" -> message.unknown(ManualBroker.down());
                default -> broker.storeAndConfirm(address, message);
            }
        };
        List<SendResult> results;
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            results = producer.sendBatch(List.of(
                            text("m1", "a"), text("m2", "b"), text("m3", "c"), text("m4", "d"), text("m5", "e")))
                    .join();
        }
        assertThat(results.stream()
                        .map(result -> result instanceof SendResult.Failed failed
                                ? failed.error().messageId() + " "
                                        + failed.error().outcome()
                                : "CONFIRMED"))
                .containsExactly("CONFIRMED", "m2 REJECTED", "CONFIRMED", "m4 UNKNOWN", "CONFIRMED");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m3", "m5");
        assertThat(observer.sends).hasSize(5);
    }
}
