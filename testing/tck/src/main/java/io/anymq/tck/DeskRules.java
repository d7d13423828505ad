package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** DSK: looking at dead letters, and acting on some of them. */
final class DeskRules {
    private static final int LOOKS = 20;
    private static final Instant FAILED = Instant.ofEpochMilli(1_700_000_000_000L);

    private static Queue dead(Queue queue) {
        return Queue.of(queue.name() + "-dead");
    }

    /** A queue with a dead-letter queue, without consumers. */
    private static Queue provisioned(TckContext t) {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.client().provision(dead(queue));
        return queue;
    }

    private static Map<String, String> headers(Queue origin) {
        return Map.of(
                "tenant",
                "acme",
                WireHeaders.DEAD_SOURCE,
                "queue:" + origin.name(),
                WireHeaders.DEAD_ORDERING,
                "PER_KEY",
                WireHeaders.DEAD_REASON,
                "MAX_ATTEMPTS",
                WireHeaders.DEAD_ATTEMPTS,
                "5",
                WireHeaders.DEAD_FIRST_AT,
                Long.toString(FAILED.toEpochMilli()),
                WireHeaders.DEAD_LAST_AT,
                Long.toString(FAILED.toEpochMilli()));
    }

    private static void put(TckContext t, Queue origin, String id, @Nullable String key) throws Exception {
        put(t, origin, id, key, headers(origin));
    }

    private static void put(TckContext t, Queue origin, String id, @Nullable String key, Map<String, String> headers)
            throws Exception {
        t.plain()
                .send(
                        dead(origin).name(),
                        new PlainMessage(id, key, Messages.utf8("body of " + id), Messages.TEXT, headers));
    }

    /** So many, spread over four keys. */
    private static List<String> putMany(TckContext t, Queue origin, int count) throws Exception {
        List<String> ids = Messages.bodies(0, count);
        for (int i = 0; i < count; i++) {
            put(t, origin, ids.get(i), "key-" + i % 4);
        }
        return ids;
    }

    private static RedriveOptions.Builder options(TckContext t, int most) {
        return RedriveOptions.builder().maxMessages(most).idle(t.patience().dividedBy(4));
    }

    private static RedriveReport report(TckContext t, LetterTask task) {
        return t.get(task.report());
    }

    private static List<DeadLetter> look(DeadLetters letters) {
        try (Stream<DeadLetter> stream = letters.browse(LetterFilter.ALL)) {
            return stream.toList();
        }
    }

    private static List<String> ids(List<PlainMessage> messages) {
        return messages.stream().map(message -> String.valueOf(message.id())).toList();
    }

    private static void assertOrderOfKeys(List<PlainMessage> messages, List<String> ids) {
        for (int key = 0; key < 4; key++) {
            int one = key;
            List<String> wanted = IntStream.range(0, ids.size())
                    .filter(i -> i % 4 == one)
                    .mapToObj(ids::get)
                    .toList();
            assertThat(messages.stream()
                            .filter(message -> ("key-" + one).equals(message.key()))
                            .map(PlainMessage::id))
                    .as("the letters of key-" + one)
                    .containsExactlyElementsOf(wanted);
        }
    }

    @Rule(
            id = "DSK-1",
            needs = Capability.BROWSE,
            check =
                    "openBrowser(): whether it goes through all pages, and whether anything is acknowledged or returned")
    void lookingChangesNothing(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        DeadLetters letters = t.client().deadLetters(dead(queue));
        int count = 450;
        t.send(
                t.producer(dead(queue)),
                Messages.spread(count, 4).stream()
                        .map(message -> message.withId(message.body()).withHeader("tenant", "acme"))
                        .toList());
        for (int i = 0; i < LOOKS; i++) {
            List<DeadLetter> seen = look(letters);
            assertThat(seen.stream().map(DeadLetter::id))
                    .as("look number " + i)
                    .containsExactlyInAnyOrderElementsOf(Messages.bodies(0, count));
            for (int key = 0; key < 4; key++) {
                String name = "key-" + key;
                assertThat(seen.stream()
                                .filter(letter -> name.equals(letter.key()))
                                .map(DeadLetter::id))
                        .as(name)
                        .containsExactlyElementsOf(Messages.bodiesOfKey(key, count, 4));
            }
            assertThat(seen).allSatisfy(letter -> {
                assertThat(new String(letter.body(), StandardCharsets.UTF_8)).isEqualTo(letter.id());
                assertThat(letter.headers()).containsEntry("tenant", "acme");
            });
        }
        RecordingHandler<String> recorder = t.recorder();
        var consumer = t.client().consumer(dead(queue), String.class).start(recorder);
        t.awaitAsserted(() -> assertThat(recorder.ids()).containsAll(Messages.bodies(0, count)));
        for (int key = 0; key < 4; key++) {
            // a connection may break, and messages come again
            assertThat(recorder.bodiesOf("key-" + key).stream().distinct())
                    .as("what a consumer gets of key-" + key)
                    .containsExactlyElementsOf(Messages.bodiesOfKey(key, count, 4));
        }
        assertThat(recorder.calls().get(0).attempt()).as("attempts spent").isEqualTo(1);
        consumer.close();
        assertThat(look(letters)).as("what is settled is not shown").isEmpty();
    }

    @Rule(id = "DSK-2", check = "what provision() does in mode VALIDATE, and whether BROWSE is declared")
    void whatCannotBeSeenIsRefused(TckContext t) throws Exception {
        Queue missing = dead(t.queue());
        DeadLetters letters = t.client().deadLetters(missing);
        ErrorCode code = t.capabilities().has(Capability.BROWSE) ? ErrorCode.NOT_FOUND : ErrorCode.UNSUPPORTED;
        t.refused(code, () -> letters.summary(LetterFilter.ALL));
        t.refused(code, () -> letters.browse(LetterFilter.ALL).close());
        t.refused(
                ErrorCode.NOT_FOUND,
                () -> failing(t, letters.discard(options(t, 1).build())));
        t.refused(
                ErrorCode.NOT_FOUND,
                () -> failing(t, letters.redrive(options(t, 1).build())));
    }

    private static void failing(TckContext t, LetterTask task) throws Throwable {
        try {
            task.report().get(t.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    @Rule(
            id = "DSK-3",
            needs = Capability.BROWSE,
            check = "whether all headers with the prefix mq-dead- are carried like all others")
    void aSummaryGroups(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().startsWith("late")) {
                throw new RetryRules.Pointless("too late");
            }
            throw new RetryRules.Deliberate("broken");
        });
        var consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.builder()
                        .maxAttempts(1)
                        .permanentOn(RetryRules.Pointless.class)
                        .build())
                .start(recorder);
        t.send(queue, Messages.keyed("a", "1"), Messages.keyed("b", "2"), Messages.keyed("c", "late"));
        t.held(dead(queue).name(), 3);
        consumer.close();
        t.plain()
                .send(
                        dead(queue).name(),
                        new PlainMessage("foreign", null, Messages.utf8("x"), Messages.TEXT, Map.of()));
        DeadLetters letters = t.client().deadLetters(dead(queue));
        DeadLetterSummary summary = letters.summary(LetterFilter.ALL);
        String place = " at " + DeskRules.class.getName() + ".aSummaryGroups";
        assertThat(summary.count()).isEqualTo(4);
        assertThat(summary.foreign()).isEqualTo(1);
        assertThat(summary.byReason())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(DeadLetterReason.MAX_ATTEMPTS, 2L, DeadLetterReason.PERMANENT, 1L));
        assertThat(summary.bySource()).containsExactlyEntriesOf(Map.of(queue, 3L));
        assertThat(summary.byFingerprint())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        RetryRules.Deliberate.class.getName() + place,
                        2L,
                        RetryRules.Pointless.class.getName() + place,
                        1L));
        assertThat(summary.oldest()).isPresent();
        LetterFilter late = LetterFilter.builder()
                .source(queue)
                .exception("Pointless")
                .key("c")
                .build();
        assertThat(letters.summary(late).count()).as("those that match").isEqualTo(1);
    }

    @Rule(
            id = "DSK-4",
            check = "acknowledge() of messages in the middle of a lane, and close() with others before them")
    void othersStayWhereTheyAre(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        for (int i = 1; i <= 6; i++) {
            put(t, queue, "letter-" + i, "k");
        }
        DeadLetters letters = t.client().deadLetters(dead(queue));
        LetterFilter second = LetterFilter.ids("letter-2");
        RedriveReport discarded =
                report(t, letters.discard(options(t, 1).filter(second).build()));
        assertThat(discarded.discarded()).as("discarded").isEqualTo(1);
        LetterFilter middle = LetterFilter.ids("letter-4", "letter-5");
        RedriveReport redriven =
                report(t, letters.redrive(options(t, 2).filter(middle).build()));
        assertThat(redriven.redriven()).as("redriven").isEqualTo(2);
        assertThat(ids(t.held(queue.name(), 2))).containsExactly("letter-4", "letter-5");
        RedriveReport rest = report(t, letters.redrive(options(t, 3).build()));
        assertThat(rest.redriven()).as("the rest").isEqualTo(3);
        assertThat(ids(t.held(queue.name(), 5)))
                .containsExactly("letter-4", "letter-5", "letter-1", "letter-3", "letter-6");
    }

    @Rule(id = "DSK-5", check = "openBrowser(), or, without BROWSE, close() of a receiver that acknowledged nothing")
    void aDryRunOnlyReports(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        Map<String, String> tired = new HashMap<>(headers(queue));
        tired.put(WireHeaders.REDRIVES, "3");
        put(t, queue, "good", "k");
        put(t, queue, "tired", "other", tired);
        put(t, queue, "foreign", null, Map.of());
        put(t, queue, "stray", "stray", headers(Queue.of(queue.name() + "-elsewhere")));
        DeadLetters letters = t.client().deadLetters(dead(queue));
        Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
        RedriveOptions wet = options(t, 4)
                .onLetter(result -> outcomes.put(result.messageId(), result.outcome()))
                .build();
        report(t, letters.redrive(wet.toBuilder().dryRun(true).build()));
        Map<String, Outcome> foretold = Map.copyOf(outcomes);
        assertThat(foretold)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "good", Outcome.REDRIVEN,
                        "tired", Outcome.LOOP_GUARDED,
                        "foreign", Outcome.FOREIGN,
                        "stray", Outcome.FAILED));
        t.held(queue.name(), 0);
        outcomes.clear();
        report(t, letters.redrive(wet));
        assertThat(outcomes).isEqualTo(foretold);
        t.held(queue.name(), 1);
    }

    @Rule(id = "DSK-6", check = "acknowledge() right before close()")
    void aCancelledRedriveIsContinued(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        List<String> ids = putMany(t, queue, 40);
        DeadLetters letters = t.client().deadLetters(dead(queue));
        List<LetterResult> results = new CopyOnWriteArrayList<>();
        CompletableFuture<LetterTask> started = new CompletableFuture<>();
        LetterTask task = letters.redrive(options(t, 40)
                .rate(50)
                .onLetter(result -> {
                    results.add(result);
                    if (results.size() == 10) {
                        started.join().cancel();
                    }
                })
                .build());
        started.complete(task);
        RedriveReport first = report(t, task);
        assertThat(first.cancelled()).as("cancelled").isTrue();
        assertThat(first.redriven()).as("redriven").isBetween(10, 39).isEqualTo(results.size());
        assertThat(ids(t.held(queue.name(), first.redriven())))
                .containsExactlyInAnyOrderElementsOf(
                        results.stream().map(LetterResult::messageId).toList());
        RedriveReport second =
                report(t, letters.redrive(options(t, 40 - first.redriven()).build()));
        assertThat(second.cancelled()).as("cancelled again").isFalse();
        assertThat(second.redriven()).as("the rest").isEqualTo(40 - first.redriven());
        assertOrderOfKeys(t.held(queue.name(), 40), ids);
    }

    @Rule(id = "DSK-7", check = "what is sent to the queue: id, key, headers, body")
    void lettersCanGoElsewhere(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        Queue other = t.queue();
        t.client().provision(other);
        put(t, queue, "with-origin", "k");
        put(t, queue, "foreign", "k", Map.of("tenant", "acme"));
        DeadLetters letters = t.client().deadLetters(dead(queue));
        RedriveReport report = report(t, letters.redrive(options(t, 2).to(other).build()));
        assertThat(report.redriven()).as("redriven").isEqualTo(2);
        assertThat(t.held(other.name(), 2)).allSatisfy(message -> {
            assertThat(message.key()).isEqualTo("k");
            assertThat(message.body()).isEqualTo(Messages.utf8("body of " + message.id()));
            assertThat(message.headers()).containsEntry("tenant", "acme").doesNotContainKey(WireHeaders.DEAD_REASON);
        });
        assertThat(ids(t.held(other.name(), 2))).containsExactly("with-origin", "foreign");
        t.held(queue.name(), 0);
    }

    @Rule(id = "DSK-8", check = "whether the header mq-edited-from is carried like all others")
    void anEditedLetterNamesItsOriginal(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        put(t, queue, "first", "k");
        put(t, queue, "wrong", "k");
        put(t, queue, "last", "k");
        DeadLetters letters = t.client().deadLetters(dead(queue));
        List<LetterResult> results = new CopyOnWriteArrayList<>();
        UnaryOperator<Message<byte[]>> mend = message -> Message.of(Messages.utf8("mended"))
                .withKey(String.valueOf(message.key()))
                .withHeaders(message.headers())
                .withHeader("mended", "yes");
        RedriveReport report = report(
                t,
                letters.redrive(options(t, 1)
                        .filter(LetterFilter.ids("wrong"))
                        .edit(mend)
                        .onLetter(results::add)
                        .build()));
        assertThat(report.redriven()).as("redriven").isEqualTo(1);
        assertThat(t.held(queue.name(), 1)).singleElement().satisfies(message -> {
            assertThat(message.id())
                    .isNotEqualTo("wrong")
                    .isEqualTo(results.get(0).editedId().orElseThrow());
            assertThat(message.key()).isEqualTo("k");
            assertThat(message.body()).isEqualTo(Messages.utf8("mended"));
            assertThat(message.headers())
                    .containsEntry("tenant", "acme")
                    .containsEntry("mended", "yes")
                    .containsEntry(WireHeaders.EDITED_FROM, "wrong")
                    .doesNotContainKey(WireHeaders.DEAD_REASON);
        });
        assertThat(report(t, letters.redrive(options(t, 2).build())).redriven())
                .as("the others")
                .isEqualTo(2);
        assertThat(ids(t.held(queue.name(), 3)).subList(1, 3)).containsExactly("first", "last");
    }

    /** The rate bounds how fast letters go, so a slow machine cannot make this fail. */
    @Rule(id = "DSK-9", check = "nothing in the adapter: the pace of the redrive")
    void theRateIsNotExceeded(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        putMany(t, queue, 20);
        List<Long> times = new CopyOnWriteArrayList<>();
        RedriveOptions slow = options(t, 20)
                .rate(20)
                .onLetter(result -> times.add(System.nanoTime()))
                .build();
        assertThat(report(t, t.client().deadLetters(dead(queue)).redrive(slow)).redriven())
                .isEqualTo(20);
        assertThat(Duration.ofNanos(times.get(19) - times.get(0)))
                .as("20 letters at 20 a second, 2 of them at once")
                .isGreaterThanOrEqualTo(Duration.ofMillis(850));
    }

    @Rule(id = "DSK-10", check = "nothing in the adapter: the calls of observers")
    void everyActionIsTold(TckContext t) throws Exception {
        List<MessagingEvent> events = new CopyOnWriteArrayList<>();
        MessagingClient client = t.openClient(builder -> builder.observer(new MessagingObserver() {
            @Override
            public void redriven(MessagingEvent.Redriven event) {
                events.add(event);
            }

            @Override
            public void letterDiscarded(MessagingEvent.LetterDiscarded event) {
                events.add(event);
            }

            @Override
            public void lettersHandled(MessagingEvent.LettersHandled event) {
                events.add(event);
            }
        }));
        Queue queue = provisioned(t);
        put(t, queue, "good", "k");
        put(t, queue, "bad", "other");
        DeadLetters letters = client.deadLetters(dead(queue));
        RedriveOptions one = options(t, 1).by("amina", "OPS-17").build();
        report(t, letters.redrive(one.toBuilder().dryRun(true).build()));
        report(
                t,
                letters.redrive(one.toBuilder().filter(LetterFilter.ids("good")).build()));
        report(
                t,
                letters.discard(one.toBuilder().filter(LetterFilter.ids("bad")).build()));
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).isEqualTo(new MessagingEvent.Redriven(dead(queue), queue, "good", "k", 1));
        assertThat(events.get(2)).isEqualTo(new MessagingEvent.LetterDiscarded(dead(queue), queue, "bad", "other"));
        for (int i = 1; i < 4; i += 2) {
            MessagingEvent.LettersHandled handled = (MessagingEvent.LettersHandled) events.get(i);
            assertThat(List.of(handled.operator(), handled.reason())).containsExactly("amina", "OPS-17");
            assertThat(handled.action()).isEqualTo(i == 1 ? "redrive" : "discard");
            assertThat(List.of(handled.report().redriven(), handled.report().discarded()))
                    .containsExactly(i == 1 ? 1 : 0, i == 1 ? 0 : 1);
        }
    }

    @Rule(
            id = "DSK-11",
            check = "whether two receivers can be given one message, or a lane moves with messages in flight")
    void twoOperatorsShareTheLetters(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        List<String> ids = putMany(t, queue, 40);
        AtomicInteger told = new AtomicInteger();
        RedriveOptions options = options(t, 40)
                .rate(40)
                .onLetter(result -> told.incrementAndGet())
                .build();
        LetterTask one = t.client().deadLetters(dead(queue)).redrive(options);
        LetterTask other = t.openClient().deadLetters(dead(queue)).redrive(options);
        t.await("all letters are back", () -> told.get() >= 40);
        one.cancel();
        other.cancel();
        assertThat(report(t, one).redriven() + report(t, other).redriven())
                .as("redriven by both")
                .isEqualTo(40);
        assertOrderOfKeys(t.held(queue.name(), 40), ids);
        RedriveReport rest = report(
                t, t.client().deadLetters(dead(queue)).redrive(options(t, 1).build()));
        assertThat(rest.redriven()).as("left behind").isZero();
    }

    @Rule(
            id = "DSK-12",
            alone = true,
            faults = Fault.BROKER_DOWN,
            check = "acknowledge() and close() of a receiver whose broker is gone, and the outcome of sends")
    void aLostBrokerLosesNoLetter(TckContext t) throws Exception {
        Queue queue = provisioned(t);
        List<String> ids = putMany(t, queue, 40);
        MessagingClient client = t.openClient(
                builder -> builder.set("anymq.producer.send-timeout", "5s").set("anymq.operation-timeout", "3s"));
        DeadLetters letters = client.deadLetters(dead(queue));
        Map<String, List<Outcome>> outcomes = new ConcurrentHashMap<>();
        CountDownLatch some = new CountDownLatch(10);
        RedriveOptions options = options(t, 40)
                .rate(40)
                .onLetter(result -> {
                    outcomes.computeIfAbsent(result.messageId(), id -> new CopyOnWriteArrayList<>())
                            .add(result.outcome());
                    some.countDown();
                })
                .build();
        LetterTask task = letters.redrive(options);
        assertThat(some.await(t.patience().toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        t.inject(Fault.BROKER_DOWN);
        awaitEnd(t, task);
        t.heal(Fault.BROKER_DOWN);
        t.awaitAsserted(t.sendPatience(), () -> {
            RedriveReport report = report(t, letters.redrive(options));
            assertThat(report.failed()).as("that could not be sent").isZero();
        });
        List<PlainMessage> back = t.plain().read(queue.name(), 40, t.patience());
        assertThat(ids(back)).as("nothing is lost").containsAll(ids);
        Map<String, Integer> copies = new HashMap<>();
        back.forEach(message -> copies.merge(String.valueOf(message.id()), 1, Integer::sum));
        List<String> twice = new ArrayList<>();
        copies.forEach((id, count) -> {
            if (count > 1) {
                twice.add(id);
            }
        });
        assertThat(twice)
                .as("sent twice")
                .allSatisfy(id -> assertThat(outcomes.getOrDefault(id, List.of()))
                        .as("what was told of " + id)
                        .containsAnyOf(Outcome.MAY_REMAIN, Outcome.UNCERTAIN));
    }

    /** However it ends; a client may wait for a broker as long as for any send. */
    private static void awaitEnd(TckContext t, LetterTask task) throws Exception {
        try {
            task.report().get(t.sendPatience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            assertThat(task.progress().redriven()).isGreaterThanOrEqualTo(10);
        } catch (TimeoutException e) {
            throw new AssertionError("a redrive must end when its broker is gone", e);
        }
    }
}
