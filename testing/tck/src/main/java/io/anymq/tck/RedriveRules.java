package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** DLQ-13 to DLQ-19 and DLQ-21: the way back. */
final class RedriveRules {
    private static final int OF_A_KEY = 12;
    private static final Duration IDLE = Duration.ofMillis(500);

    private static Queue dead(Queue queue) {
        return Queue.of(queue.name() + "-dead");
    }

    private static void assertReport(RedriveReport report, int redriven, int loopGuarded, int foreign) {
        assertThat(List.of(report.redriven(), report.loopGuarded(), report.foreign()))
                .as("redriven, loop-guarded, foreign")
                .containsExactly(redriven, loopGuarded, foreign);
    }

    private static RedriveReport redrive(TckContext t, Queue dead, int messages, int maxRedrives) throws Exception {
        List<PlainMessage> there = t.plain().read(dead.name(), messages, t.patience());
        assertThat(there).as("dead letters before the redrive").hasSizeGreaterThanOrEqualTo(messages);
        return t.get(t.client()
                .redrive(
                        dead,
                        RedriveOptions.builder()
                                .maxMessages(10_000)
                                .maxRedrives(maxRedrives)
                                .idle(idle(t))
                                .build()));
    }

    /** A broker with consumer groups takes a while to give the first message. */
    private static Duration idle(TckContext t) {
        Duration quarter = t.patience().dividedBy(4);
        return quarter.compareTo(IDLE) > 0 ? quarter : IDLE;
    }

    @Rule(
            id = "DLQ-13",
            check = "what is sent to Address.Redelivery: id, key, headers, body; and the receiver of the"
                    + " dead-letter queue")
    void comesBackToTheQueue(TckContext t) throws Exception {
        Queue queue = t.queue();
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        t.client().consumer(queue, String.class).retry(RetryPolicy.never()).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "one").withId("1").withHeader("tenant", "acme"),
                Messages.keyed("k", "two").withId("2"),
                Message.of("three").withId("3"));
        t.send(t.producer(queue), Messages.ofKey("many", OF_A_KEY));
        int count = 3 + OF_A_KEY;
        t.awaitCount(recorder, count);
        t.held(dead(queue).name(), count);
        repaired.set(true);
        assertReport(redrive(t, dead(queue), count, 3), count, 0, 0);
        t.awaitCompleted(recorder, count);
        List<Handled<String>> again = recorder.calls().subList(count, 2 * count);
        assertThat(again.stream().filter(call -> !"many".equals(call.key())).map(Handled::id))
                .containsExactlyInAnyOrder("1", "2", "3");
        assertThat(again.stream()
                        .filter(call -> "many".equals(call.key()))
                        .map(Handled::body)
                        .toList())
                .as("of one key, in the order in which they failed")
                .isEqualTo(Messages.bodies(0, OF_A_KEY));
        assertThat(again)
                .filteredOn(call -> call.id().equals("1"))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.key()).isEqualTo("k");
                    assertThat(call.body()).isEqualTo("one");
                    assertThat(call.redrives()).isEqualTo(1);
                    assertThat(call.deadLetter()).isEmpty();
                    assertThat(call.headers()).containsEntry("tenant", "acme");
                });
        assertReport(redrive(t, dead(queue), 0, 3), 0, 0, 0);
    }

    @Rule(
            id = "DLQ-14",
            check = "whether Address.Redelivery of a subscription reaches that subscription alone",
            needs = Capability.TOPICS)
    void comesBackToTheSubscription(TckContext t) throws Exception {
        Topic topic = t.topic();
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> failed = t.<String>recorder().doing(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        RecordingHandler<String> sound = t.recorder();
        t.client()
                .consumer(topic.subscription("failed"), String.class)
                .retry(RetryPolicy.never())
                .start(failed);
        t.client().consumer(topic.subscription("sound"), String.class).start(sound);
        t.send(t.producer(topic), List.of(Messages.keyed("k", "once").withId("once")));
        t.awaitCompleted(sound, 1);
        t.awaitCount(failed, 1);
        Queue dead = Queue.of(topic.name() + "-failed-dead");
        t.held(dead.name(), 1);
        repaired.set(true);
        assertThat(redrive(t, dead, 1, 3).redriven()).isEqualTo(1);
        t.awaitCompleted(failed, 1);
        t.send(t.producer(topic), List.of(Messages.keyed("k", "sentinel").withId("sentinel")));
        t.awaitCompleted(sound, 2);
        t.awaitCompleted(failed, 2);
        assertThat(sound.ids()).containsExactly("once", "sentinel");
    }

    @Rule(id = "DLQ-15", check = "whether the header mq-redrives is carried like all others, and release() works")
    void loopsAreGuarded(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .start(recorder);
        t.send(queue, Messages.keyed("k", "circling").withId("circling"));
        t.awaitCount(recorder, 1);
        assertReport(redrive(t, dead(queue), 1, 1), 1, 0, 0);
        t.awaitCount(recorder, 2);
        t.await("dead-lettered again", () -> consumer.inFlight() == 0);
        t.plain()
                .send(
                        dead(queue).name(),
                        new PlainMessage("foreign", null, Messages.utf8("x"), Messages.TEXT, java.util.Map.of()));
        assertReport(redrive(t, dead(queue), 2, 1), 0, 1, 1);
        assertThat(recorder.ids()).containsExactly("circling", "circling");
        assertThat(t.plain().read(dead(queue).name(), 2, t.patience()).stream().map(PlainMessage::id))
                .as("left in the dead-letter queue")
                .contains("circling", "foreign");
    }

    @Rule(id = "DLQ-16", check = "whether the header mq-redrives is carried like all others, and release() works")
    void eachMessageIsTakenOnce(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .start(recorder);
        t.send(t.producer(queue), Messages.spread(5, 5));
        t.awaitCount(recorder, 5);
        assertReport(redrive(t, dead(queue), 5, 100), 5, 0, 0);
        t.awaitCount(recorder, 10);
        t.await("dead-lettered again", () -> consumer.inFlight() == 0);
        assertReport(redrive(t, dead(queue), 5, 100), 5, 0, 0);
        t.awaitCount(recorder, 15);
        assertThat(recorder.count()).isEqualTo(15);
    }

    @Rule(id = "DLQ-17", check = "whether deliveryCount() restarts at 1 for a message that was sent again")
    void attemptsRestart(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.fixed(2, RetryRules.SHORT))
                .start(recorder);
        t.send(queue, Messages.keyed("k", "again").withId("again"));
        t.awaitCount(recorder, 2);
        assertThat(redrive(t, dead(queue), 1, 3).redriven()).isEqualTo(1);
        t.awaitCount(recorder, 4);
        assertThat(recorder.attemptsOf("again")).containsExactly(1, 2, 1, 2);
    }

    @Rule(id = "DLQ-18", check = "whether all headers with the prefix mq-dead- are carried like all others")
    void theLetterOfALetterComesBackTwice(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue letters = dead(queue);
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        t.client().consumer(queue, String.class).retry(RetryPolicy.never()).start(recorder);
        t.send(queue, Messages.keyed("k", "one").withId("1"));
        t.held(letters.name(), 1);
        RecordingHandler<String> repair = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("the repair fails, too");
        });
        Consumer repairing = t.client()
                .consumer(letters, String.class)
                .retry(RetryPolicy.never())
                .start(repair);
        t.awaitCount(repair, 1);
        t.held(dead(letters).name(), 1);
        repairing.close();
        assertReport(redrive(t, dead(letters), 1, 3), 1, 0, 0);
        assertThat(t.held(letters.name(), 1, 1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers())
                        .containsEntry(WireHeaders.DEAD_SOURCE, "queue:" + queue.name())
                        .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                        .doesNotContainKey(WireHeaders.DEAD_SOURCE + "-1"));
        repaired.set(true);
        assertReport(redrive(t, letters, 1, 3), 1, 0, 0);
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.ids()).containsExactly("1", "1");
    }

    @Rule(id = "DLQ-19", check = "what provision() does in mode VALIDATE, and whether header values are carried")
    void onlyOriginsThatBelongHereGetLetters(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue missing = t.queue();
        Queue letters = dead(queue);
        RedriveOptions brief = RedriveOptions.builder().idle(idle(t)).build();
        t.refused(ErrorCode.NOT_FOUND, () -> redriving(t, letters, brief));
        t.refused(ErrorCode.NOT_FOUND, () -> redriving(t, letters, brief));
        t.client().provision(queue);
        t.client().provision(letters);
        for (Queue origin : List.of(queue, missing)) {
            Map<String, String> headers = Map.of(WireHeaders.DEAD_SOURCE, "queue:" + origin.name());
            t.plain()
                    .send(
                            letters.name(),
                            new PlainMessage(origin.name(), null, Messages.utf8("x"), Messages.TEXT, headers));
        }
        t.held(letters.name(), 2);
        RedriveReport report = redriving(t, letters, brief);
        assertThat(report.redriven()).as("redriven").isEqualTo(1);
        assertThat(report.failures()).as("refused").containsOnlyKeys(missing);
        report = redriving(t, letters, brief.toBuilder().origins(missing).build());
        assertThat(report.failures().get(missing))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(report.redriven()).as("redriven again").isZero();
        assertThat(t.held(letters.name(), 1, 1)).hasSize(1);
        t.held(queue.name(), 1);
        MessagingClient strict = t.openClient(builder -> builder.set("anymq.provision", "validate"));
        t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(missing));
    }

    @Rule(id = "DLQ-21", check = "whether the header mq-redrive is carried like all others")
    void parkedKeysAreFreed(TckContext t) throws Exception {
        Queue queue = t.queue();
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.id().equals("1") && !repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.parkKey())
                .start(recorder);
        t.send(
                queue,
                Messages.keyed("parked", "one").withId("1"),
                Messages.keyed("parked", "two").withId("2"),
                Messages.keyed("parked", "three").withId("3"));
        t.held(dead(queue).name(), 3);
        t.await("dead-lettered", () -> consumer.inFlight() == 0);
        assertThat(consumer.parkedKeys()).containsExactly("parked");
        repaired.set(true);
        assertReport(redrive(t, dead(queue), 3, 3), 3, 0, 0);
        t.awaitCompleted(recorder, 3);
        assertThat(recorder.ids()).containsExactly("1", "1", "2", "3");
        assertThat(consumer.parkedKeys()).isEmpty();
        t.held(dead(queue).name(), 0, 3);
    }

    private static RedriveReport redriving(TckContext t, Queue dead, RedriveOptions options) throws Exception {
        try {
            return t.client().redrive(dead, options).get(t.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MessagingException known ? known : e;
        }
    }
}
