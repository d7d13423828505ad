package io.anymq.internal.receive.redelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters come back one by one: confirmed at their origin before they leave. */
class RedriveTest extends OnManualBroker {
    private static final Queue DEAD = Queue.of("orders-dead");
    private static final Topic SIGNUPS = Topic.of("signups");

    private static RedriveOptions options(int maxMessages, int maxRedrives) {
        return RedriveOptions.builder()
                .maxMessages(maxMessages)
                .maxRedrives(maxRedrives)
                .idle(Duration.ofMillis(300))
                .build();
    }

    private RedriveReport redriveTo(Source... origins) throws Exception {
        RedriveOptions options = options(100, 3).toBuilder().origins(origins).build();
        return client().redrive(DEAD, options).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private RedriveReport redrive() throws Exception {
        return client().redrive(DEAD, options(100, 3)).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<Integer> counts(RedriveReport report) {
        assertThat(report.failed()).isZero();
        return List.of(report.redriven(), report.loopGuarded(), report.foreign());
    }

    private void redriveFails() {
        CompletableFuture<RedriveReport> report = client().redrive(DEAD, options(100, 3));
        assertThatThrownBy(report::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(MessagingException.class);
    }

    private void dead(String source, String... ids) {
        for (String id : ids) {
            broker.put(
                    AT_DEAD,
                    id,
                    "k",
                    Map.of(
                            "tenant",
                            "t1",
                            WireHeaders.DEAD_SOURCE,
                            source,
                            WireHeaders.DEAD_ORDERING,
                            "PER_KEY",
                            WireHeaders.DEAD_REASON,
                            "MAX_ATTEMPTS"));
        }
    }

    @Test
    void everythingComesBackAsItWasSentAndInItsOrder() throws Exception {
        dead("queue:orders", "m1", "m2", "m3");
        assertThat(counts(redrive())).containsExactly(3, 0, 0);
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2", "m3");
        StoredMessage back = broker.at(AT_ORDERS).get(0);
        assertThat(back.key()).isEqualTo("k");
        assertThat(new String(back.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("m1");
        assertThat(back.headers())
                .hasSize(3)
                .containsEntry("tenant", "t1")
                .containsEntry(WireHeaders.REDRIVES, "1")
                .containsKey(WireHeaders.REDRIVE);
        assertThat(broker.at(AT_ORDERS).get(2).headers())
                .as("all of one redrive")
                .containsEntry(WireHeaders.REDRIVE, back.headers().get(WireHeaders.REDRIVE));
    }

    @Test
    void aBrokerThatRefusesTheWayBackKeepsEveryLetter() throws Exception {
        dead("queue:orders", "m1", "m2");
        broker.onSend = (address, message) -> message.rejected(ManualBroker.down());
        assertThat(redrive().failed()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1", "m2");
        broker.onSend = (address, message) -> message.unknown(ManualBroker.down());
        RedriveReport report = redrive();
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.failures()).containsOnlyKeys(ORDERS);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1", "m2");
        broker.onSend = broker::storeAndConfirm;
        assertThat(redrive().redriven()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2");
    }

    @Test
    void ofManyThoseStayThatWereRefused() throws Exception {
        for (String id : List.of("m1", "m2", "m3", "m4")) {
            broker.put(AT_DEAD, id, null, Map.of(WireHeaders.DEAD_SOURCE, "queue:orders"));
        }
        broker.onSend = (address, message) -> {
            switch (message.id()) {
                case "m2" -> message.rejected(ManualBroker.down());
                case "m4" -> message.unknown(ManualBroker.down());
                default -> broker.storeAndConfirm(address, message);
            }
        };
        RedriveReport report = redrive();
        assertThat(report.redriven()).isEqualTo(2);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m2", "m4");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m3");
    }

    @Test
    void noLetterOvertakesOneOfItsKeyThatStays() throws Exception {
        dead("queue:orders", "m1", "m2", "m3");
        broker.put(AT_DEAD, "other", "k2", Map.of(WireHeaders.DEAD_SOURCE, "queue:orders"));
        broker.onSend = (address, message) -> {
            if (message.id().equals("m2")) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        assertThat(redrive().failed()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m2", "m3");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "other");
        broker.onSend = broker::storeAndConfirm;
        assertThat(redrive().redriven()).isEqualTo(2);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "other", "m2", "m3");
    }

    @Test
    void anOriginThatCannotBeOpenedKeepsItsOwnLettersOnly() throws Exception {
        Queue gone = Queue.of("gone");
        dead("queue:orders", "m1");
        dead("queue:gone", "m2");
        dead("queue:orders", "m3");
        broker.onOpenSender = address -> {
            if (address.toString().equals("queue gone")) {
                throw ManualBroker.down();
            }
        };
        RedriveReport report = redriveTo(ORDERS, gone);
        assertThat(report.redriven()).isEqualTo(2);
        assertThat(report.failed()).isOne();
        assertThat(report.failures()).containsOnlyKeys(gone);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m2");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m3");
        assertThat(redriveTo(ORDERS, gone).redriven()).as("nothing goes twice").isZero();
    }

    @Test
    void anOriginThatSomeoneForgedGetsNothing() throws Exception {
        dead("queue:payroll", "forged");
        dead("queue:orders", "m1");
        RedriveReport report = redrive();
        assertThat(report.redriven()).isOne();
        assertThat(report.failures().get(Queue.of("payroll")))
                .hasMessageContaining("RedriveOptions.Builder.origins")
                .hasMessageContaining("payroll");
        assertThat(broker.ids(AT_DEAD)).containsExactly("forged");
        assertThat(broker.ids("queue payroll")).isEmpty();
        assertThat(redriveTo(Queue.of("other")).failed())
                .as("named origins alone")
                .isOne();
        assertThat(redriveTo(Queue.of("payroll")).redriven()).isOne();
        assertThat(broker.ids("queue payroll")).containsExactly("forged");
    }

    @Test
    void nothingIsCreated() throws Exception {
        dead("queue:orders", "m1");
        redrive();
        assertThat(broker.provisions).containsExactly("VALIDATE queue orders-dead", "VALIDATE queue orders");
    }

    @Test
    void aMisspeltDeadLetterQueueIsAnError() {
        broker.onProvision = address -> {
            throw new MessagingException(ErrorCode.NOT_FOUND, address + " does not exist");
        };
        redriveFails();
        assertThat(broker.provisions).containsExactly("VALIDATE queue orders-dead");
    }

    /** Also where another redrive has moved it meanwhile: two of them must not play it to and fro. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void whatFailsAgainIsCountedAndLeft(String redrives) throws Exception {
        dead("queue:orders", "m1");
        broker.onSend = (address, message) -> {
            broker.put(
                    AT_DEAD,
                    message.id(),
                    message.key(),
                    Map.of(WireHeaders.DEAD_SOURCE, "queue:orders", WireHeaders.REDRIVES, redrives));
            message.confirmed(null);
        };
        RedriveReport report = redrive();
        assertThat(report.redriven()).isOne();
        assertThat(report.failedAgain()).isOne();
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
    }

    @Test
    void anotherLetterWithTheSameIdComesBackToo() throws Exception {
        dead("queue:orders", "m1", "m1");
        assertThat(counts(redrive())).containsExactly(2, 0, 0);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m1");
    }

    @Test
    void theLetterOfALetterKeepsItsOrigins() throws Exception {
        Queue letters = Queue.of("orders-dead");
        dead("queue:orders", "m1");
        Consumer repair = consumer(letters).retry(RetryPolicy.never()).start(delivery -> {
            throw new IllegalStateException("the repair fails, too");
        });
        eventually(() -> broker.ids("queue orders-dead-dead").contains("m1") && repair.inFlight() == 0);
        closeSoon(repair);
        RedriveOptions options = options(100, 3);
        assertThat(client().redrive(Queue.of("orders-dead-dead"), options)
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .redriven())
                .isOne();
        StoredMessage back = broker.at(AT_DEAD).get(0);
        assertThat(back.headers())
                .containsEntry(WireHeaders.DEAD_SOURCE, "queue:orders")
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .doesNotContainKey(WireHeaders.DEAD_SOURCE + "-1");
        assertThat(redrive().redriven()).isOne();
        assertThat(broker.at(AT_ORDERS).get(0).headers())
                .containsOnlyKeys("tenant", WireHeaders.REDRIVES, WireHeaders.REDRIVE)
                .containsEntry(WireHeaders.REDRIVES, "2");
    }

    @Test
    void nothingLeavesBeforeItIsConfirmed() {
        List<OutboundMessage> sent = new CopyOnWriteArrayList<>();
        dead("queue:orders", "m1", "m2");
        broker.onSend = (address, message) -> sent.add(message);
        CompletableFuture<RedriveReport> report = client().redrive(DEAD, options(100, 3));
        eventually(() -> sent.size() == 1);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1", "m2");
        assertThat(report).isNotDone();
        broker.storeAndConfirm(AT_ORDERS, sent.get(0));
        eventually(() -> sent.size() == 2);
        broker.storeAndConfirm(AT_ORDERS, sent.get(1));
        assertThat(report.join().redriven()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void whatHasComeBackTooOftenOrIsForeignStays() throws Exception {
        dead("queue:orders", "m1");
        broker.put(AT_DEAD, "tired", "k", Map.of(WireHeaders.DEAD_SOURCE, "queue:orders", WireHeaders.REDRIVES, "3"));
        broker.put(AT_DEAD, "again", "k", Map.of(WireHeaders.DEAD_SOURCE, "queue:orders", WireHeaders.REDRIVES, "2"));
        broker.put(AT_DEAD, "foreign", "k", Map.of());
        broker.put(AT_DEAD, "nonsense", "k", Map.of(WireHeaders.DEAD_SOURCE, "topic:no-subscription"));
        assertThat(counts(redrive())).containsExactly(2, 1, 2);
        assertThat(broker.ids(AT_DEAD)).containsExactly("tired", "foreign", "nonsense");
        assertThat(broker.at(AT_ORDERS).get(1).headers()).containsEntry(WireHeaders.REDRIVES, "3");
    }

    @Test
    void noMoreComeBackThanAreAskedFor() throws Exception {
        dead("queue:orders", "m1", "m2", "m3");
        RedriveReport report = client().redrive(DEAD, options(2, 3)).get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.redriven()).isEqualTo(2);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m3");
    }

    @Test
    void theLetterOfASubscriptionComesBackToThatOneAlone() throws Exception {
        broker.with(Capability.DELAY, Support.NATIVE);
        client().provision(SIGNUPS.subscription("mail"));
        client().provision(SIGNUPS.subscription("audit"));
        try (Producer<String> producer = client().producer(SIGNUPS, String.class)) {
            producer.send(Message.of("x").withId("m0")).join();
        }
        dead("topic:signups/mail", "m1");
        assertThat(redriveTo(SIGNUPS.subscription("mail")).redriven()).isOne();
        assertThat(broker.ids("subscription signups/mail")).containsExactly("m0", "m1");
        assertThat(broker.ids("subscription signups/audit")).containsExactly("m0");
    }

    @Test
    void withoutAWayBackToOneSubscriptionItsLettersStay() throws Exception {
        dead("topic:signups/mail", "m1");
        assertThat(redriveTo(SIGNUPS.subscription("mail")).failures().values())
                .singleElement()
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED));
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
    }

    @Test
    void aReceiverThatFailsEndsTheRedriveAndLosesNothing() {
        dead("queue:orders", "m1");
        broker.failReceive(AT_DEAD, ManualBroker.down());
        redriveFails();
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
    }
}
