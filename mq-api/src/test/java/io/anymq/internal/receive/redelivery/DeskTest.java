package io.anymq.internal.receive.redelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.DeadLetter;
import io.anymq.DeadLetterReason;
import io.anymq.DeadLetterSummary;
import io.anymq.DeadLetters;
import io.anymq.ErrorCode;
import io.anymq.LetterFilter;
import io.anymq.LetterResult;
import io.anymq.LetterResult.Outcome;
import io.anymq.LetterTask;
import io.anymq.Message;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator sees of dead letters, and does with some of them. */
class DeskTest extends OnManualBroker {
    private static final Queue DEAD = Queue.of("orders-dead");

    private DeadLetters letters() {
        return client().deadLetters(DEAD);
    }

    private static RedriveOptions.Builder options() {
        return RedriveOptions.builder().idle(Duration.ofMillis(200));
    }

    private static RedriveReport end(LetterTask task) throws Exception {
        return task.report().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private void put(String id, String key, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "tenant",
                "t1",
                WireHeaders.DEAD_SOURCE,
                "queue:orders",
                WireHeaders.DEAD_REASON,
                "MAX_ATTEMPTS",
                WireHeaders.DEAD_LAST_AT,
                "1000"));
        headers.putAll(more);
        broker.put(AT_DEAD, id, key, headers);
    }

    private <E> List<E> told(Class<E> type) {
        return observer.desk.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<String> found(LetterFilter filter) {
        try (Stream<DeadLetter> stream = letters().browse(filter)) {
            return stream.map(DeadLetter::id).toList();
        }
    }

    @Test
    void aFilterTakesWhatFulfilsAllItsConditions() {
        put(
                "m1",
                "a",
                Map.of(
                        WireHeaders.DEAD_EXCEPTION, "java.io.IOException",
                        WireHeaders.DEAD_THROWN_AT, "com.acme.Shipping.ship"));
        put("m2", "b", Map.of(WireHeaders.DEAD_REASON, "UNDECODABLE", "tenant", "t2"));
        put("m3", "a", Map.of(WireHeaders.DEAD_SOURCE, "topic:signups/mail", WireHeaders.DEAD_LAST_AT, "2000"));
        broker.put(AT_DEAD, "foreign", "a", Map.of("tenant", "t1"));
        assertThat(found(LetterFilter.ALL)).containsExactly("m1", "m2", "m3", "foreign");
        assertThat(found(LetterFilter.ids("m2", "foreign"))).containsExactly("m2", "foreign");
        LetterFilter.Builder any = LetterFilter.builder();
        assertThat(found(any.key("a").build())).containsExactly("m1", "m3", "foreign");
        assertThat(found(any.header("tenant", "t1").build())).containsExactly("m1", "m3", "foreign");
        assertThat(found(any.source(ORDERS.unordered()).build())).containsExactly("m1");
        assertThat(found(any.exception("IOException").build())).containsExactly("m1");
        assertThat(found(any.exception("java.io.IOException").build())).containsExactly("m1");
        assertThat(found(any.exception("Exception").build())).isEmpty();
        assertThat(found(LetterFilter.builder()
                        .reason(DeadLetterReason.UNDECODABLE)
                        .build()))
                .containsExactly("m2");
        assertThat(found(LetterFilter.builder()
                        .fingerprint("java.io.IOException at com.acme.Shipping.ship")
                        .build()))
                .containsExactly("m1");
        assertThat(found(LetterFilter.builder().fingerprint("foreign").build())).containsExactly("foreign");
        Instant second = Instant.ofEpochMilli(2000);
        assertThat(found(LetterFilter.builder().failedFrom(second).build())).containsExactly("m3");
        assertThat(found(LetterFilter.builder().failedBefore(second).build())).containsExactly("m1", "m2");
        assertThat(found(LetterFilter.builder().text("T2").build())).containsExactly("m2");
        assertThat(found(LetterFilter.builder().text("FOREI").build())).containsExactly("foreign");
        assertThat(LetterFilter.builder().text("secret").build()).hasToString("letters by text");
    }

    @Test
    void aSummaryCountsTheLargestGroupFirst() {
        for (int i = 0; i < 5; i++) {
            String reason = i == 0 ? "EXPIRED" : "PERMANENT";
            put("m" + i, "k", Map.of(WireHeaders.DEAD_REASON, reason, WireHeaders.DEAD_LAST_AT, "" + (1_000 + i)));
        }
        broker.put(AT_DEAD, "foreign", "a", Map.of());
        DeadLetterSummary summary = letters().summary(LetterFilter.ALL);
        assertThat(summary.count()).isEqualTo(6);
        assertThat(summary.foreign()).isOne();
        assertThat(summary.ungrouped()).isZero();
        assertThat(summary.oldest()).contains(Instant.ofEpochMilli(1_000));
        assertThat(summary.newest()).contains(Instant.ofEpochMilli(1_004));
        assertThat(summary.byReason())
                .containsExactly(Map.entry(DeadLetterReason.PERMANENT, 4L), Map.entry(DeadLetterReason.EXPIRED, 1L));
        assertThat(summary.byFingerprint().keySet()).containsExactly("PERMANENT", "EXPIRED");
    }

    @Test
    void theNumberOfGroupsIsBounded() {
        for (int i = 0; i < 1_003; i++) {
            put("m" + i, "k", Map.of(WireHeaders.DEAD_EXCEPTION, "E" + i));
        }
        DeadLetterSummary summary = letters().summary(LetterFilter.ALL);
        assertThat(summary.count()).isEqualTo(1_003);
        assertThat(summary.byFingerprint()).hasSize(1_000);
        assertThat(summary.ungrouped()).isEqualTo(3);
    }

    @Test
    void aLookThatIsOpenEndsWithItsClient() {
        for (int i = 0; i < 300; i++) {
            put("m" + i, "k", Map.of());
        }
        Iterator<DeadLetter> stream = letters().browse(LetterFilter.ALL).iterator();
        assertThat(stream.next().id()).isEqualTo("m0");
        client().close();
        assertThatThrownBy(() -> stream.forEachRemaining(letter -> {}))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.CLOSED));
    }

    @Test
    void withoutBrowseLookingIsRefusedAndADryRunStillWorks() throws Exception {
        broker.with(Capability.BROWSE, Support.UNSUPPORTED);
        put("m1", "k", Map.of());
        assertThatThrownBy(() -> letters().browse(LetterFilter.ALL))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED));
        RedriveReport report = end(letters().redrive(options().dryRun(true).build()));
        assertThat(report.redriven()).isOne();
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
        assertThat(broker.ids(AT_ORDERS)).isEmpty();
        assertThat(observer.desk).isEmpty();
    }

    @Test
    void aDryRunForetellsWhatStaysBehind() throws Exception {
        put("m1", "a", Map.of(WireHeaders.DEAD_SOURCE, "queue:payroll"));
        put("m2", "a", Map.of(WireHeaders.DEAD_SOURCE, "queue:payroll"));
        put("m3", "a", Map.of());
        List<String> told = new CopyOnWriteArrayList<>();
        RedriveReport report = end(letters()
                .redrive(options()
                        .dryRun(true)
                        .onLetter(result -> told.add(result.messageId() + " " + result.outcome()))
                        .build()));
        assertThat(told).containsExactly("m1 FAILED", "m2 BEHIND", "m3 REDRIVEN");
        assertThat(report.failures()).containsOnlyKeys(Queue.of("payroll"));
        assertThat(broker.openSenders).hasValue(0);
    }

    @Test
    void whoActsAndWhyIsTold() throws Exception {
        put("m1", "a", Map.of());
        put("m2", "b", Map.of());
        end(letters().redrive(options().by("amina", "OPS-17").maxMessages(1).build()));
        end(letters().discard(options().by("bo", "OPS-18").maxMessages(1).build()));
        List<MessagingEvent.LettersHandled> events = told(MessagingEvent.LettersHandled.class);
        assertThat(events)
                .extracting(event -> event.action() + " " + event.operator() + " " + event.reason() + " "
                        + event.report().redriven() + " " + event.report().discarded())
                .containsExactly("redrive amina OPS-17 1 0", "discard bo OPS-18 0 1");
        assertThat(told(MessagingEvent.LetterDiscarded.class))
                .containsExactly(new MessagingEvent.LetterDiscarded(DEAD, ORDERS, "m2", "b"));
    }

    @Test
    void theRateBoundsTheLettersOfASecond() throws Exception {
        for (int i = 0; i < 12; i++) {
            put("m" + i, "k", Map.of());
        }
        List<Long> times = new ArrayList<>();
        end(letters()
                .redrive(options()
                        .rate(20)
                        .maxMessages(12)
                        .onLetter(result -> times.add(System.nanoTime()))
                        .build()));
        assertThat(times.get(11) - times.get(0))
                .as("12 letters at 20 a second, 2 of them at once")
                .isGreaterThanOrEqualTo(Duration.ofMillis(450).toNanos());
        assertThat(broker.polls(AT_DEAD)).as("the membership is kept alive").contains(0);
    }

    @Test
    void aCancelledTaskLeavesTheRest() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("m" + i, "k", Map.of());
        }
        CountDownLatch first = new CountDownLatch(1);
        LetterTask task = letters()
                .redrive(options().rate(1).onLetter(result -> first.countDown()).build());
        awaitLatch(first);
        task.cancel();
        RedriveReport report = end(task);
        assertThat(report.cancelled()).isTrue();
        assertThat(report.redriven()).isOne();
        assertThat(task.progress()).isEqualTo(report);
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1", "m2", "m3", "m4");
    }

    @Test
    void anEditMakesANewMessageWithALinkToItsOriginal() throws Exception {
        put("m1", "k", Map.of());
        List<LetterResult> results = new ArrayList<>();
        RedriveReport report = end(letters()
                .redrive(options()
                        .edit(message -> Message.of("better".getBytes(StandardCharsets.UTF_8))
                                .withKey("other")
                                .withHeader("mended", "yes"))
                        .onLetter(results::add)
                        .build()));
        assertThat(report.redriven()).isOne();
        StoredMessage edited = broker.at(AT_ORDERS).get(0);
        assertThat(edited.id()).isNotEqualTo("m1");
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.messageId()).isEqualTo("m1");
            assertThat(result.editedId()).contains(edited.id());
        });
        assertThat(edited.key()).isEqualTo("other");
        assertThat(edited.body()).asString(StandardCharsets.UTF_8).isEqualTo("better");
        assertThat(edited.headers())
                .containsOnlyKeys("mended", WireHeaders.EDITED_FROM, WireHeaders.REDRIVES, WireHeaders.REDRIVE)
                .containsEntry(WireHeaders.EDITED_FROM, "m1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        assertThat(told(MessagingEvent.LettersHandled.class).get(0).action()).isEqualTo("edit");
    }

    @Test
    void anEditThatFailsLeavesTheLetterAndThoseBehindIt() throws Exception {
        put("m1", "k", Map.of());
        put("m2", "k", Map.of());
        put("m3", "other", Map.of());
        RedriveReport report = end(letters()
                .redrive(options()
                        .edit(message -> {
                            if ("m1".equals(message.id())) {
                                throw new IllegalStateException("cannot");
                            }
                            return message;
                        })
                        .build()));
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.redriven()).isOne();
        assertThat(report.failures().get(ORDERS))
                .hasMessageContaining("the edit of this letter threw java.lang.IllegalStateException");
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1", "m2");
        assertThat(end(letters()
                                .redrive(options()
                                        .edit(message -> message.withDelay(Duration.ofSeconds(1)))
                                        .build()))
                        .failed())
                .isEqualTo(2);
        assertThat(end(letters().redrive(options().edit(message -> null).build()))
                        .failed())
                .isEqualTo(2);
    }

    @Test
    void aListenerThatThrowsDisturbsNothing() throws Exception {
        put("m1", "k", Map.of());
        put("m2", "k", Map.of());
        RedriveReport report = end(letters()
                .redrive(options()
                        .onLetter(result -> {
                            throw new IllegalStateException("broken");
                        })
                        .build()));
        assertThat(report.redriven()).isEqualTo(2);
    }

    @Test
    void whatTheBrokerDoesNotSayIsReportedAsUncertain() throws Exception {
        put("m1", "k", Map.of());
        put("m2", "k", Map.of());
        put("m3", "other", Map.of());
        broker.onSend = (address, message) -> {
            switch (message.id()) {
                case "m1" -> message.unknown(ManualBroker.down());
                case "m3" -> message.rejected(ManualBroker.down());
                default -> broker.storeAndConfirm(address, message);
            }
        };
        Map<String, Outcome> outcomes = new HashMap<>();
        RedriveReport report = end(letters()
                .redrive(options()
                        .onLetter(result -> outcomes.put(result.messageId(), result.outcome()))
                        .build()));
        assertThat(outcomes).isEqualTo(Map.of("m1", Outcome.UNCERTAIN, "m2", Outcome.BEHIND, "m3", Outcome.FAILED));
        assertThat(report.failed()).isEqualTo(3);
        assertThat(report.uncertain()).isOne();
    }

    @Test
    void lettersThatMayNotHaveBeenRemovedAreNamedWhenTheBrokerIsLost() {
        put("m1", "k", Map.of());
        put("m2", "other", Map.of());
        broker.onAcknowledge = messages -> {
            throw ManualBroker.down();
        };
        List<String> told = new CopyOnWriteArrayList<>();
        LetterTask task = letters()
                .redrive(options()
                        .onLetter(result -> told.add(result.messageId() + " " + result.outcome()))
                        .build());
        assertThatThrownBy(() -> end(task)).hasCauseInstanceOf(MessagingException.class);
        assertThat(told).containsExactly("m1 REDRIVEN", "m2 REDRIVEN", "m1 MAY_REMAIN", "m2 MAY_REMAIN");
        assertThat(task.progress().redriven()).isEqualTo(2);
        assertThat(task.progress().mayRemain()).isEqualTo(2);
        assertThat(told(MessagingEvent.LettersHandled.class))
                .singleElement()
                .satisfies(event -> assertThat(event.failure()).isInstanceOf(MessagingException.class));
    }

    @Test
    void aRestoredLetterIsTheLetterItWas() throws Exception {
        put(
                "m1",
                "k",
                Map.of(
                        WireHeaders.DEAD_ORDERING, "PER_KEY",
                        WireHeaders.DEAD_ATTEMPTS, "5",
                        WireHeaders.DEAD_FIRST_AT, "500",
                        WireHeaders.DEAD_EXCEPTION, "java.io.IOException",
                        WireHeaders.DEAD_THROWN_AT, "com.acme.Shipping.ship",
                        WireHeaders.DEAD_DETAILS, "at com.acme",
                        WireHeaders.REDRIVES, "2",
                        WireHeaders.EDITED_FROM, "m0"));
        StoredMessage before = broker.at(AT_DEAD).get(0);
        List<DeadLetter> kept;
        try (Stream<DeadLetter> stream = letters().browse(LetterFilter.ALL)) {
            kept = stream.toList();
        }
        end(letters().discard(options().build()));
        letters().restore(kept.get(0)).get(SOON.toSeconds(), TimeUnit.SECONDS);
        StoredMessage after = broker.at(AT_DEAD).get(0);
        assertThat(after.headers()).isEqualTo(before.headers());
        assertThat(List.of(after.id(), String.valueOf(after.key()), after.contentType()))
                .containsExactly("m1", "k", before.contentType());
        assertThat(after.body()).isEqualTo(before.body());
    }

    @Test
    void optionsWithoutEffectAreRefused() {
        DeadLetters letters = letters();
        RedriveOptions elsewhere = options().to(ORDERS).build();
        assertThatThrownBy(() -> letters.discard(elsewhere)).isInstanceOf(IllegalArgumentException.class);
        RedriveOptions edited = options().edit(message -> message).build();
        assertThatThrownBy(() -> letters.discard(edited)).isInstanceOf(IllegalArgumentException.class);
        RedriveOptions itself = options().to(DEAD).build();
        assertThatThrownBy(() -> letters.redrive(itself)).hasMessageContaining("must go to another queue");
        RedriveOptions.Builder both = options().to(ORDERS).origins(ORDERS);
        assertThatThrownBy(both::build).hasMessageContaining("origins have no effect");
        assertThatThrownBy(options().rate(-1)::build).hasMessageContaining("rate must be between 0 and 1,000,000");
    }

    @Test
    void everyOptionSurvivesToBuilder() {
        RedriveOptions all = options()
                .filter(LetterFilter.ids("m1"))
                .to(ORDERS)
                .rate(7)
                .dryRun(true)
                .by("amina", "OPS-17")
                .edit(message -> message)
                .onLetter(result -> {})
                .build();
        assertThat(all.toBuilder().build()).isEqualTo(all).hasSameHashCodeAs(all);
        assertThat(all.toBuilder().rate(8).build()).isNotEqualTo(all);
        assertThat(all.toString()).contains("letters by ids", "7/s").doesNotContain("m1");
    }

    @Test
    void aMissingQueueIsAnErrorAndIsNotCreated() {
        broker.onProvision = address -> {
            throw new MessagingException(ErrorCode.NOT_FOUND, address + " does not exist");
        };
        assertThatThrownBy(() -> letters().summary(LetterFilter.ALL)).isInstanceOf(MessagingException.class);
        assertThatThrownBy(() -> letters().discard(options().build()).report().join())
                .isInstanceOf(CompletionException.class);
        assertThat(broker.provisions).containsExactly("VALIDATE queue orders-dead", "VALIDATE queue orders-dead");
    }
}
