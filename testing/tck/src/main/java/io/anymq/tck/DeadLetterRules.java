package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.DeadLetterReason;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.Tap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** DLQ: giving up on a message, checked by the broker's content. */
final class DeadLetterRules {
    private static RecordingHandler<String> failingOn(TckContext t, String body) {
        return t.<String>recorder().doing(delivery -> {
            if (delivery.body().startsWith(body)) {
                throw new RetryRules.Deliberate("secret text of the failure");
            }
        });
    }

    private static Queue dead(Queue queue) {
        return Queue.of(queue.name() + "-dead");
    }

    @Rule(
            id = "DLQ-1",
            history = HistoryScope.TO_THE_END,
            check = "whether the sender confirms what it drops, sends twice, or changes id, key, headers or bytes")
    void exactlyOneCopyAsItWas(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = failingOn(t, "bad");
        t.client().consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        Map<String, String> headers = Map.of("tenant", "acme", "note", "größer ✓");
        t.send(
                queue,
                Messages.keyed("k\u00e9y", "bad \u2713").withId("bad-1").withHeaders(headers),
                Messages.keyed("k\u00e9y", "good").withId("good"));
        t.awaitCompleted(recorder, 1);
        PlainMessage dead = t.held(dead(queue).name(), 1).get(0);
        assertThat(dead.id()).isEqualTo("bad-1");
        assertThat(dead.key()).isEqualTo("k\u00e9y");
        assertThat(dead.body()).isEqualTo(Messages.utf8("bad \u2713"));
        assertThat(dead.contentType()).isEqualTo(Messages.TEXT);
        assertThat(dead.headers()).containsAllEntriesOf(headers);
    }

    @Rule(
            id = "DLQ-2",
            history = HistoryScope.TO_THE_END,
            check = "whether headers with the prefix mq-dead- are carried like all others")
    void saysWhyWhereHowOftenAndWhen(TckContext t) throws Exception {
        Queue queue = t.queue();
        long before = System.currentTimeMillis();
        t.client().consumer(queue, String.class).retry(RetryRules.THREE).start(failingOn(t, "bad"));
        t.send(queue, Messages.keyed("k", "bad"));
        Map<String, String> headers = t.held(dead(queue).name(), 1).get(0).headers();
        assertThat(headers)
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .containsEntry(WireHeaders.DEAD_SOURCE, "queue:" + queue.name())
                .containsEntry(WireHeaders.DEAD_ORDERING, "PER_KEY")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "3")
                .containsEntry(WireHeaders.DEAD_EXCEPTION, RetryRules.Deliberate.class.getName());
        long first = Long.parseLong(headers.getOrDefault(WireHeaders.DEAD_FIRST_AT, "0"));
        long last = Long.parseLong(headers.getOrDefault(WireHeaders.DEAD_LAST_AT, "0"));
        assertThat(first).isBetween(before, last);
        assertThat(last - first).isGreaterThanOrEqualTo(2 * RetryRules.SHORT.toMillis() - 1);
        assertThat(last).isLessThanOrEqualTo(System.currentTimeMillis());
    }

    @Rule(id = "DLQ-3", check = "nothing in the adapter")
    void detailsOnlyOnRequest(TckContext t) throws Exception {
        Queue silent = t.queue();
        Queue verbose = t.queue();
        t.client().consumer(silent, String.class).retry(RetryPolicy.never()).start(failingOn(t, "bad"));
        t.client()
                .consumer(verbose, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.builder().exceptionDetails(true).build())
                .start(delivery -> {
                    throw new RetryRules.Deliberate("told on request " + "\u00fc".repeat(5_000));
                });
        t.send(silent, Message.of("bad"));
        t.send(verbose, Message.of("bad"));
        PlainMessage plain = t.held(dead(silent).name(), 1).get(0);
        assertThat(plain.headers()).doesNotContainKey(WireHeaders.DEAD_DETAILS);
        assertThat(plain.headers().toString()).doesNotContain("secret text");
        String details = t.held(dead(verbose).name(), 1).get(0).headers().get(WireHeaders.DEAD_DETAILS);
        assertThat(details).contains("told on request");
        assertThat(Messages.utf8(String.valueOf(details)))
                .as("bytes of the details")
                .hasSizeLessThanOrEqualTo(2 * 1024);
    }

    @Rule(
            id = "DLQ-4",
            check = "how messages of foreign clients are translated: unknown content type, bytes that are no text")
    void undecodableGoesThereAtOnce(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().provision(queue);
        PlainMessage foreign = Messages.undecodable("foreign-1", "k");
        t.plain().send(queue.name(), foreign);
        PlainMessage broken = new PlainMessage(
                "foreign-2", "k", new byte[] {(byte) 0xC3, 0x28}, Messages.TEXT, Map.of("x-origin", "plain"));
        t.plain().send(queue.name(), broken);
        t.client().consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(queue, Messages.keyed("k", "good").withId("good"));
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.ids()).containsExactly("good");
        List<PlainMessage> dead = t.held(dead(queue).name(), 2);
        for (PlainMessage original : List.of(foreign, broken)) {
            assertThat(dead)
                    .filteredOn(
                            message -> original.id() != null && original.id().equals(message.id()))
                    .singleElement()
                    .satisfies(copy -> {
                        assertThat(copy.body()).isEqualTo(original.body());
                        assertThat(copy.contentType()).isEqualTo(original.contentType());
                        assertThat(copy.key()).isEqualTo("k");
                        assertThat(copy.headers())
                                .containsEntry(WireHeaders.DEAD_REASON, "UNDECODABLE")
                                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "0")
                                .containsEntry("x-origin", "plain");
                    });
        }
    }

    @Rule(id = "DLQ-5", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void permanentIsSaid(TckContext t) throws Exception {
        Queue queue = t.queue();
        RetryPolicy policy = RetryPolicy.fixed(4, RetryRules.SHORT).toBuilder()
                .permanentOn(RetryRules.Pointless.class)
                .build();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 1) {
                throw new RetryRules.Deliberate("worth another attempt");
            }
            throw new RetryRules.Pointless("not worth another attempt");
        });
        t.client().consumer(queue, String.class).retry(policy).start(recorder);
        t.send(queue, Messages.keyed("k", "hopeless").withId("hopeless"));
        assertThat(t.held(dead(queue).name(), 1).get(0).headers())
                .containsEntry(WireHeaders.DEAD_REASON, "PERMANENT")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "2")
                .containsEntry(WireHeaders.DEAD_EXCEPTION, RetryRules.Pointless.class.getName());
        assertThat(recorder.attemptsOf("hopeless")).containsExactly(1, 2);
    }

    @Rule(
            id = "DLQ-6",
            history = HistoryScope.TO_THE_END,
            check = "whether acknowledge() of one message lets the next of its key be received")
    void nextOfTheKeyIsHandled(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = failingOn(t, "bad");
        t.client().consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "good 1"),
                Messages.keyed("k", "bad 2"),
                Messages.keyed("k", "good 3"),
                Messages.keyed("k", "bad 4"),
                Messages.keyed("k", "good 5"));
        // not three handler calls that end well, since one of them may be a message that is handed out once more
        t.awaitAsserted(() -> assertThat(Order.firsts(recorder.bodies()))
                .containsExactly("good 1", "bad 2", "good 3", "bad 4", "good 5"));
        t.held(dead(queue).name(), 2);
    }

    @Rule(id = "DLQ-7", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void parkedKeyFollows(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = failingOn(t, "bad");
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .deadLetter(DeadLetterPolicy.parkKey())
                .start(recorder);
        t.send(
                queue,
                Messages.keyed("parked", "bad 1").withId("1"),
                Messages.keyed("parked", "2").withId("2"),
                Messages.keyed("parked", "3").withId("3"),
                Messages.keyed("free", "4").withId("4"));
        List<PlainMessage> dead = t.held(dead(queue).name(), 3);
        t.awaitCompleted(recorder, 1);
        assertThat(consumer.parkedKeys()).containsExactly("parked");
        assertThat(recorder.ids()).as("handled").containsOnly("1", "4");
        assertThat(dead.stream().map(PlainMessage::id)).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(dead.stream().filter(message -> !"1".equals(message.id())))
                .allSatisfy(message -> assertThat(message.headers())
                        .containsEntry(WireHeaders.DEAD_REASON, "KEY_PARKED")
                        .containsEntry(WireHeaders.DEAD_ATTEMPTS, "0"));
        consumer.resumeKey("parked");
        t.send(queue, Messages.keyed("parked", "5").withId("5"));
        t.awaitCompleted(recorder, 2);
        assertThat(consumer.parkedKeys()).isEmpty();
        t.held(dead(queue).name(), 3);
        parkedKeyFollowsOutOfABatch(t);
    }

    /** Those that were handed out together with the one that failed, too. */
    private static void parkedKeyFollowsOutOfABatch(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.ofKey("k", 3));
        t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.parkKey())
                .startBatch(3, deliveries -> {
                    if (deliveries.get(0).body().equals(Messages.body(0))) {
                        throw new RetryRules.Deliberate("the first one, alone or with others");
                    }
                });
        assertThat(t.held(dead(queue).name(), 3))
                .extracting(message -> String.valueOf(message.headers().get(WireHeaders.DEAD_REASON)))
                .containsExactlyInAnyOrder("MAX_ATTEMPTS", "KEY_PARKED", "KEY_PARKED");
    }

    @Rule(
            id = "DLQ-8",
            history = HistoryScope.TO_THE_END,
            check = "whether close() of a receiver makes what it held available again")
    void stopLeavesTheMessage(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = failingOn(t, "bad");
        Consumer stopping = t.openClient()
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .deadLetter(DeadLetterPolicy.stop())
                .start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "good 1"),
                Messages.keyed("k", "bad 2").withId("bad"),
                Messages.keyed("k", "good 3"));
        t.await("health is DOWN", () -> stopping.health().status() == Health.Status.DOWN);
        assertThat(stopping.health().detail()).as("health's detail").isNotBlank();
        assertThat(recorder.attemptsOf("bad")).containsExactly(1, 2, 3);
        t.held(dead(queue).name(), 0);
        RecordingHandler<String> repaired = t.recorder();
        stopping.close();
        t.client().consumer(queue, String.class).start(repaired);
        t.awaitCompleted(repaired, 2);
        assertThat(repaired.bodies()).containsExactly("bad 2", "good 3");
        t.held(dead(queue).name(), 0);
    }

    @Rule(id = "DLQ-9", history = HistoryScope.TO_THE_END, check = "whether acknowledge() takes effect")
    void discardDrops(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = failingOn(t, "bad");
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .deadLetter(DeadLetterPolicy.discard())
                .start(recorder);
        t.send(queue, Messages.keyed("k", "bad"), Messages.keyed("k", "good"));
        t.awaitCompleted(recorder, 1);
        t.await("all is settled", () -> consumer.inFlight() == 0);
        consumer.close();
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.send(queue, Messages.keyed("k", "sentinel"));
        t.awaitCompleted(next, 1);
        assertThat(next.bodies()).containsExactly("sentinel");
        t.held(dead(queue).name(), 0);
    }

    @Rule(id = "DLQ-10", check = "how the names of dead-letter queues are mapped to the broker's")
    void nameIsPredictable(TckContext t) throws Exception {
        RetryPolicy never = RetryPolicy.never();
        Queue queue = t.queue();
        Queue named = t.queue();
        String own = t.name("own");
        t.client().consumer(queue, String.class).retry(never).start(failingOn(t, "bad"));
        t.client()
                .consumer(named, String.class)
                .retry(never)
                .deadLetter(DeadLetterPolicy.to(own))
                .start(failingOn(t, "bad"));
        t.send(queue, Message.of("bad"));
        t.send(named, Message.of("bad"));
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = t.topic();
            t.client()
                    .consumer(topic.subscription("sub"), String.class)
                    .retry(never)
                    .start(failingOn(t, "bad"));
            t.send(t.producer(topic), List.of(Message.of("bad")));
            PlainMessage dead = t.held(topic.name() + "-sub-dead", 1).get(0);
            assertThat(dead.headers()).containsEntry(WireHeaders.DEAD_SOURCE, "topic:" + topic.name() + "/sub");
        }
        t.held(queue.name() + "-dead", 1);
        t.held(own, 1);
        t.held(named.name() + "-dead", 0);
    }

    @Rule(
            id = "DLQ-11",
            history = HistoryScope.TO_THE_END,
            check = "whether confirmed() is called before the broker's answer")
    void confirmedThereBeforeSettledHere(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap(dead(queue).name());
        RecordingHandler<String> recorder = failingOn(t, "bad");
        tap.mode(Tap.Mode.REJECT);
        t.openClient(tap).consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "bad").withId("bad"),
                Messages.keyed("k", "behind").withId("behind"),
                Messages.keyed("other", "other").withId("other"));
        t.awaitCompleted(recorder, 1);
        t.await("all attempts are spent", () -> recorder.callsOf("bad").size() == 3);
        t.holds(
                "the key waits while the dead-letter queue is down",
                Duration.ofMillis(300),
                () -> recorder.callsOf("behind").isEmpty());
        assertThat(tap.count(Tap.Kind.ACKNOWLEDGED, "bad"))
                .as("settled while down")
                .isZero();
        tap.mode(Tap.Mode.PASS);
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.callsOf("bad")).as("attempts").hasSize(3);
        t.held(dead(queue).name(), 1);
        t.await("the original is settled", () -> tap.count(Tap.Kind.ACKNOWLEDGED, "bad") > 0);
        List<Tap.Kind> sequence = new ArrayList<>();
        for (Tap.Event event : tap.events()) {
            if (event.id().equals("bad")) {
                sequence.add(event.kind());
            }
        }
        assertThat(sequence).containsExactly(Tap.Kind.CONFIRMED, Tap.Kind.ACKNOWLEDGED);
    }

    @Rule(id = "DLQ-12", check = "whether headers with the prefix mq-dead- are carried like all others")
    void deadLetterCanBeConsumed(TckContext t) {
        Queue queue = t.queue();
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
        t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(10)))
                .deadLetter(DeadLetterPolicy.builder().exceptionDetails(true).build())
                .start(failingOn(t, "bad"));
        RecordingHandler<String> repair = t.recorder();
        t.client().consumer(dead(queue), String.class).start(repair);
        t.send(queue, Messages.keyed("k", "bad").withId("bad").withHeader("tenant", "acme"));
        t.awaitCompleted(repair, 1);
        Handled<String> call = repair.calls().get(0);
        assertThat(call.id()).isEqualTo("bad");
        assertThat(call.key()).isEqualTo("k");
        assertThat(call.attempt()).isEqualTo(1);
        assertThat(call.headers()).as("the sender's headers alone").isEqualTo(Map.of("tenant", "acme"));
        assertThat(call.redrives()).isZero();
        assertThat(call.deadLetter()).hasValueSatisfying(info -> {
            assertThat(info.reason()).isEqualTo(DeadLetterReason.MAX_ATTEMPTS);
            assertThat(info.source()).isEqualTo(queue);
            assertThat(info.attempts()).isEqualTo(2);
            Instant now = Instant.ofEpochMilli(call.startedMillis());
            assertThat(info.firstAttemptAt()).isBetween(before, info.lastAttemptAt());
            assertThat(info.lastAttemptAt()).isBeforeOrEqualTo(now);
            assertThat(info.exceptionClass()).contains(RetryRules.Deliberate.class.getName());
            assertThat(info.exceptionDetails())
                    .hasValueSatisfying(details -> assertThat(details).contains("RetryRules"));
        });
    }
}
