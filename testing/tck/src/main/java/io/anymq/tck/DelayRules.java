package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.Topic;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** DLY: not before its time, and not lost. */
final class DelayRules {
    /** Clocks are read in whole milliseconds. */
    private static final long ROUNDING = 1;

    private static Message<String> delayed(String id, long millis) {
        return Message.of(id).withId(id).withDelay(Duration.ofMillis(millis));
    }

    private static void notEarly(RecordingHandler<String> recorder, Map<String, Long> earliest) {
        for (Handled<String> call : recorder.calls()) {
            assertThat(call.startedMillis())
                    .as("when " + call.id() + " was handled")
                    .isGreaterThanOrEqualTo(earliest.getOrDefault(call.id(), 0L) - ROUNDING);
        }
    }

    @Rule(
            id = "DLY-1",
            history = HistoryScope.TO_THE_END,
            check = "whether deliverAtMillis is carried and, with DELAY NATIVE, honoured by the broker",
            needs = Capability.DELAY)
    void notEarly(TckContext t) {
        Queue queue = t.queue().unordered();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        Map<String, Long> earliest = new HashMap<>();
        List<Message<String>> messages = new ArrayList<>();
        for (long delay : new long[] {1, 50, 200, 300, 700, 1_200}) {
            earliest.put("after-" + delay, System.currentTimeMillis() + delay);
            messages.add(delayed("after-" + delay, delay));
        }
        t.send(t.producer(queue), messages);
        t.awaitCompleted(recorder, messages.size());
        notEarly(recorder, earliest);
        assertThat(recorder.ids()).containsExactlyInAnyOrderElementsOf(earliest.keySet());
    }

    @Rule(
            id = "DLY-2",
            history = HistoryScope.TO_THE_END,
            check = "delayed messages while there is no consumer, and equal or mixed delays",
            needs = Capability.DELAY)
    void notLost(TckContext t) {
        Queue queue = t.queue().unordered();
        Map<String, Long> earliest = new HashMap<>();
        List<Message<String>> messages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long delay = 20L * (i * 37 % 60);
            earliest.put("d" + i, System.currentTimeMillis() + delay);
            messages.add(delayed("d" + i, delay));
        }
        t.send(t.producer(queue), messages.subList(0, 30));
        RecordingHandler<String> recorder = t.recorder();
        MessagingClient first = t.openClient();
        first.consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, 3);
        first.close();
        t.send(t.producer(queue), messages.subList(30, 60));
        t.client().consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, 60);
        notEarly(recorder, earliest);
        assertThat(Order.firsts(recorder.ids())).hasSize(60);
        assertThat(recorder.ids()).as("once each").doesNotHaveDuplicates();
    }

    @Rule(id = "DLY-3", check = "nothing in the adapter")
    void notTogetherWithAKey(TckContext t) throws Exception {
        for (Queue queue : List.of(t.queue(), t.queue().unordered())) {
            SendException refused =
                    t.failure(t.producer(queue).send(Messages.keyed("k", "x").withDelay(Duration.ofMillis(10))));
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            t.held(queue.name(), 0);
        }
    }

    @Rule(
            id = "DLY-4",
            history = HistoryScope.SO_FAR,
            check = "whether a delayed message keeps its place in the queue while it waits",
            needs = Capability.DELAY)
    void othersDoNotWait(TckContext t) {
        for (Queue queue : List.of(t.queue().unordered(), t.queue())) {
            RecordingHandler<String> recorder = t.recorder();
            t.client().consumer(queue, String.class).start(recorder);
            List<Message<String>> messages = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                messages.add(delayed("tomorrow-" + i, Duration.ofHours(20).toMillis() + i));
            }
            messages.add(delayed("soon", 100));
            for (int i = 0; i < 20; i++) {
                messages.add(Message.of("now-" + i).withId("now-" + i));
            }
            t.send(t.producer(queue), messages);
            t.awaitCompleted(recorder, 21);
            assertThat(recorder.ids()).noneMatch(id -> id.startsWith("tomorrow"));
        }
    }

    @Rule(
            id = "DLY-5",
            history = HistoryScope.TO_THE_END,
            check = "how often what is delayed is looked at",
            needs = Capability.DELAY,
            alone = true)
    void notLateEither(TckContext t) {
        Queue queue = t.queue().unordered();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        t.sendBodies(queue, "warm");
        t.awaitCompleted(recorder, 1);
        Map<String, Long> due = new HashMap<>();
        List<Message<String>> messages = new ArrayList<>();
        for (long delay : new long[] {100, 600, 1_500}) {
            messages.add(delayed("after-" + delay, delay));
        }
        t.send(t.producer(queue), messages);
        for (long delay : new long[] {100, 600, 1_500}) {
            due.put("after-" + delay, System.currentTimeMillis() + delay);
        }
        t.awaitCompleted(recorder, 4);
        for (Handled<String> call : recorder.calls()) {
            if (due.containsKey(call.id())) {
                assertThat(call.startedMillis() - due.getOrDefault(call.id(), 0L))
                        .as("milliseconds by which " + call.id() + " was late")
                        .isLessThan(2_000);
            }
        }
    }

    @Rule(
            id = "DLY-6",
            history = HistoryScope.TO_THE_END,
            check = "whether a delayed message to a topic is copied to every subscription",
            needs = {Capability.DELAY, Capability.TOPICS})
    void topicsToo(TckContext t) {
        Topic topic = t.topic();
        List<RecordingHandler<String>> recorders = List.of(t.recorder(), t.recorder());
        for (int i = 0; i < 2; i++) {
            t.client().consumer(topic.subscription("s" + i), String.class).start(recorders.get(i));
        }
        Map<String, Long> earliest = Map.of(
                "a", System.currentTimeMillis() + 300,
                "b", System.currentTimeMillis() + 600);
        t.send(
                t.producer(topic),
                List.of(delayed("a", 300), delayed("b", 600), Message.of("c").withId("c")));
        for (RecordingHandler<String> recorder : recorders) {
            t.awaitCompleted(recorder, 3);
            notEarly(recorder, earliest);
            assertThat(recorder.ids()).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Rule(
            id = "DLY-7",
            history = HistoryScope.TO_THE_END,
            check = "whether a delayed message is released, or never settled, when its receiver closes",
            needs = Capability.DELAY)
    void survivesTheConsumer(TckContext t) {
        Queue queue = t.queue().unordered();
        RecordingHandler<String> recorder = t.recorder();
        MessagingClient first = t.openClient();
        first.consumer(queue, String.class).start(recorder);
        Map<String, Long> earliest = Map.of(
                "short", System.currentTimeMillis() + 200,
                "long", System.currentTimeMillis() + 1_500);
        t.send(
                t.producer(queue),
                List.of(
                        delayed("short", 200),
                        delayed("long", 1_500),
                        Message.of("now").withId("now")));
        t.awaitCompleted(recorder, 1);
        first.close();
        t.client().consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, 3);
        notEarly(recorder, earliest);
        assertThat(recorder.ids()).containsExactlyInAnyOrder("now", "short", "long");
        assertThat(recorder.calls())
                .allSatisfy(call -> assertThat(call.attempt()).isEqualTo(1));
    }
}
