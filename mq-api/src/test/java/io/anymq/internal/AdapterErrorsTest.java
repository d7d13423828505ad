package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.SendException;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An adapter that throws an error where it must not, such as one whose class path lacks a part of the vendor's client. */
class AdapterErrorsTest extends OnManualBroker {
    private static final Queue OUT = Queue.of("out");
    private static final String AT_OUT = "queue out";

    private static NoClassDefFoundError missing() {
        return new NoClassDefFoundError("org/vendor/Codec");
    }

    private Consumer publishing() {
        return consumer(ORDERS).start(delivery -> {
            note(delivery);
            delivery.publish(OUT, Message.of("one").withKey("k"));
        });
    }

    /** The first sender to the outputs' queue cannot be opened. */
    private void assertThatTheFirstSenderFailsOneAttempt() {
        AtomicInteger opened = new AtomicInteger();
        broker.onOpenSender = address -> {
            if (address.toString().equals(AT_OUT) && opened.incrementAndGet() == 1) {
                throw missing();
            }
        };
        put("k", "m1", "m2");
        Consumer consumer = publishing();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        assertThat(handled).containsExactly("m1#1", "m1#2", "m2#1");
        assertThat(broker.ids(AT_OUT)).containsExactly(output("m1", 1), output("m2", 1));
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void anOutputWhoseSenderCannotBeOpenedFailsTheAttempt() {
        assertThatTheFirstSenderFailsOneAttempt();
    }

    @Test
    void aTransactionWhoseSenderCannotBeOpenedIsAFailedAttempt() {
        broker.onCommit = broker::commit;
        assertThatTheFirstSenderFailsOneAttempt();
    }

    @Test
    void aRedriveReturnsWhatGoesToOtherOrigins() throws Exception {
        for (String origin : List.of("orders", "broken", "orders")) {
            broker.put(
                    AT_DEAD,
                    "m" + broker.ids(AT_DEAD).size(),
                    "k",
                    Map.of(WireHeaders.DEAD_SOURCE, "queue:" + origin, WireHeaders.DEAD_ORDERING, "PER_KEY"));
        }
        broker.onOpenSender = address -> {
            if (address.toString().equals("queue broken")) {
                throw missing();
            }
        };
        var report = client().redrive(
                        Queue.of("orders-dead"),
                        RedriveOptions.builder()
                                .origins(ORDERS, Queue.of("broken"))
                                .idle(Duration.ofMillis(300))
                                .build());
        assertThat(report.get(SOON.toSeconds(), TimeUnit.SECONDS).failures())
                .hasEntrySatisfying(
                        Queue.of("broken"), error -> assertThat(error).hasMessageContaining("org/vendor/Codec"));
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m0", "m2");
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
    }

    @Test
    void aSendThatTheAdapterDoesNotSurviveIsUnknown() {
        broker.onSend = (address, message) -> {
            throw missing();
        };
        try (Producer<String> producer = client().producer(ORDERS, String.class)) {
            var send = producer.send("hello");
            assertThatThrownBy(send::join).cause().isInstanceOfSatisfying(SendException.class, e -> {
                assertThat(e.outcome()).isEqualTo(SendException.Outcome.UNKNOWN);
                assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
                assertThat(e).hasMessageContaining("org/vendor/Codec");
            });
            broker.onSend = broker::storeAndConfirm;
            producer.send("again").join();
        }
    }

    @Test
    void closeGoesOnAndHealthSaysWhatFailed() {
        Producer<String> producer = client().producer(ORDERS, String.class);
        producer.send("hello").join();
        broker.onSend = (address, message) -> {};
        var pending = producer.send("never confirmed");
        broker.onCloseOrProbe = () -> {
            throw missing();
        };
        assertThat(client().health(Duration.ofSeconds(1)).toString()).contains("org/vendor/Codec");
        producer.close(Duration.ZERO);
        client().close();
        assertThat(broker.closed).isTrue();
        assertThat(pending).isCompletedExceptionally();
    }
}
