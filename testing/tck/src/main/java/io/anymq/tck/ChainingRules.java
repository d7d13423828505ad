package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Capability;
import io.anymq.tck.wrap.Tap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** CHN: a step and what follows from it. */
final class ChainingRules {
    private static final int STEPS = 800;

    @Rule(id = "CHN-1", check = "whether a sender opened for a consumer behaves like any other")
    void outputsArrive(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        Topic topic = t.topic();
        RecordingHandler<String> subscriber = t.recorder();
        if (t.capabilities().has(Capability.TOPICS)) {
            t.client().consumer(topic.subscription("s"), String.class).start(subscriber);
        }
        t.client().consumer(input, String.class).start(delivery -> {
            delivery.publish(
                    output,
                    Messages.keyed(String.valueOf(delivery.key()), "after " + delivery.body())
                            .withId("out-" + delivery.id())
                            .withHeader("from", delivery.id()));
            delivery.publish(output, "bare");
            if (t.capabilities().has(Capability.TOPICS)) {
                delivery.publish(topic, "event");
            }
        });
        t.send(input, Messages.keyed("k", "step").withId("in"));
        List<PlainMessage> held = t.held(output.name(), 2);
        assertThat(held)
                .filteredOn(message -> "out-in".equals(message.id()))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.key()).isEqualTo("k");
                    assertThat(message.body()).isEqualTo(Messages.utf8("after step"));
                    assertThat(message.contentType()).isEqualTo(Messages.TEXT);
                    assertThat(message.headers()).isEqualTo(Map.of("from", "in"));
                });
        assertThat(held)
                .filteredOn(message -> !"out-in".equals(message.id()))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.key()).as("key of the bare output").isNull();
                    assertThat(message.body()).isEqualTo(Messages.utf8("bare"));
                    assertThat(message.headers()).isEmpty();
                });
        if (t.capabilities().has(Capability.TOPICS)) {
            t.awaitCompleted(subscriber, 1);
            assertThat(subscriber.bodies()).containsExactly("event");
        }
    }

    @Rule(id = "CHN-2", check = "nothing in the adapter")
    void failedAttemptPublishesNothing(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            delivery.publish(output, delivery.body() + " attempt " + delivery.attempt());
            if (delivery.body().equals("bad") || delivery.attempt() < 3) {
                throw new RetryRules.Deliberate("after publishing");
            }
        });
        t.client().consumer(input, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(input, Messages.keyed("k", "bad"), Messages.keyed("k", "good"));
        t.held(input.name() + "-dead", 1);
        t.awaitCompleted(recorder, 1);
        assertThat(t.held(output.name(), 1).get(0).body()).isEqualTo(Messages.utf8("good attempt 3"));
    }

    @Rule(id = "CHN-3", check = "whether a send that fails is reported as rejected or unknown")
    void outputThatFailsFailsTheAttempt(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        Tap tap = new Tap(output.name());
        tap.mode(Tap.Mode.REJECT);
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 2) {
                tap.mode(Tap.Mode.PASS);
            }
            delivery.publish(output, Messages.keyed("o", "attempt " + delivery.attempt()));
        });
        t.openClient(tap).consumer(input, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(
                input,
                Messages.keyed("k", "in").withId("in"),
                Messages.keyed("k", "next").withId("next"));
        t.await("both are settled", () -> tap.count(Tap.Kind.ACKNOWLEDGED, "next") > 0);
        assertThat(recorder.attemptsOf("in")).containsExactly(1, 2);
        assertThat(t.held(output.name(), 2).get(0).body()).isEqualTo(Messages.utf8("attempt 2"));
        t.held(input.name() + "-dead", 0);
    }

    @Rule(id = "CHN-4", check = "whether confirmed() is called before the broker's answer")
    void outputsAreConfirmedFirst(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        Tap tap = new Tap(output.name());
        tap.mode(Tap.Mode.HOLD_CONFIRMS);
        RecordingHandler<String> recorder = t.<String>recorder()
                .doing(delivery -> delivery.publish(output, Message.of("out").withId("out")));
        t.openClient(tap).consumer(input, String.class).start(recorder);
        t.send(input, Messages.keyed("k", "in").withId("in"));
        t.held(output.name(), 1);
        t.holds(
                "not settled while the output is not confirmed",
                Duration.ofMillis(300),
                () -> tap.count(Tap.Kind.ACKNOWLEDGED, "in") == 0);
        tap.mode(Tap.Mode.PASS);
        t.await("settled after the confirm", () -> tap.count(Tap.Kind.ACKNOWLEDGED, "in") == 1);
        List<Tap.Event> events = tap.events();
        assertThat(events.stream().map(Tap.Event::id)).containsSubsequence("out", "in");
        assertThat(recorder.count()).isEqualTo(1);
    }

    @Rule(id = "CHN-5", check = "nothing in the adapter")
    void tooLateToPublish(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        CompletableFuture<Delivery<String>> kept = new CompletableFuture<>();
        RecordingHandler<String> recorder = t.<String>recorder().doing(kept::complete);
        var consumer = t.client().consumer(input, String.class).start(recorder);
        t.sendBodies(input, "in");
        t.awaitCompleted(recorder, 1);
        t.await("settled", () -> consumer.inFlight() == 0);
        t.refused(ErrorCode.CLOSED, () -> t.get(kept).publish(output, "late"));
        t.held(output.name(), 0);
    }

    @Rule(
            id = "CHN-6",
            check = "whether commit() is one transaction of the broker",
            needs = Capability.ATOMIC_CHAINING,
            faults = Fault.CONSUMER_CRASH)
    void outputsAndSettlementAreOne(TckContext t) throws Exception {
        Queue input = t.queue().unordered();
        Queue output = t.queue().unordered();
        t.client().provision(input);
        t.client().provision(output);
        List<Message<String>> messages = Messages.unkeyed(STEPS).stream()
                .map(message -> message.withId(message.body()))
                .toList();
        t.send(t.producer(input), messages);
        try (CrashableConsumer crashing =
                t.committing(input, output, messages.get(0).body())) {
            crashing.crash();
        }
        for (int crashes = 1; crashes <= 2; crashes++) {
            // anywhere in its work, but not while it waits for some: a crash between two steps that should be one must
            // be likely
            try (CrashableConsumer crashing = t.startCrashableStep(input, output)) {
                t.await("at work", () -> crashing.started().size() > STEPS / 8);
                crashing.crash();
            }
        }
        t.client()
                .consumer(input, String.class)
                .start(delivery ->
                        delivery.publish(output, Message.of(delivery.body()).withId("out-" + delivery.id())));
        assertThat(t.held(output.name(), STEPS))
                .extracting(PlainMessage::id)
                .containsExactlyInAnyOrderElementsOf(
                        messages.stream().map(message -> "out-" + message.id()).toList());
        t.held(input.name() + "-dead", 0);
    }
}
