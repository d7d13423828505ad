package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.ConfigurationException;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** NAM: physical names. */
final class NameRules {
    private static final String CHECK =
            "whether every name at the broker comes from Address.physicalName() where there is one";

    private static PlainPlaces places(TckContext t) {
        return t.plain()
                .places()
                .orElseThrow(() -> new NotApplicable("the harness's plain client offers no PlainPlaces"));
    }

    private static PlainMessage foreign(String id) {
        return new PlainMessage(id, null, Messages.utf8("foreign"), Messages.TEXT, Map.of("x-origin", "plain"));
    }

    @Rule(id = "NAM-1", check = CHECK)
    void existingQueuesAreUsed(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Queue in = t.queue().unordered();
        Queue out = t.queue().unordered();
        String existing = places.createQueue(in.name());
        String other = places.createQueue(out.name());
        MessagingClient client =
                t.openClient(builder -> builder.physicalName(in, existing).physicalName(out, other));
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(in, String.class).start(recorder);
        t.plain().send(existing, foreign("foreign"));
        t.send(client.producer(in, String.class), List.of(Message.of("ours").withId("ours")));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.ids()).containsExactlyInAnyOrder("foreign", "ours");
        assertThat(recorder.callsOf("foreign"))
                .singleElement()
                .satisfies(call -> assertThat(call.headers()).containsEntry("x-origin", "plain"));

        t.send(
                client.producer(out, String.class),
                List.of(Message.of("kept").withId("kept").withHeader("tenant", "acme")));
        assertThat(t.held(other, 1)).singleElement().satisfies(message -> {
            assertThat(message.id()).isEqualTo("kept");
            assertThat(message.body()).isEqualTo(Messages.utf8("kept"));
            assertThat(message.headers()).containsEntry("tenant", "acme");
        });
        t.held(out.name(), 0);
    }

    @Rule(id = "NAM-2", check = CHECK, needs = Capability.TOPICS)
    void existingTopicsAndSubscriptionsAreUsed(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Topic topic = t.topic().unordered();
        Subscription read = topic.subscription("read");
        Subscription kept = topic.subscription("kept");
        String existing = places.createTopic(topic.name());
        String readName = places.createSubscription(existing, topic.name() + "-read");
        String keptName = places.createSubscription(existing, topic.name() + "-kept");
        MessagingClient client = t.openClient(builder -> builder.physicalName(topic, existing)
                .physicalName(read, readName)
                .physicalName(kept, keptName));
        places.publish(existing, foreign("before"));
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(read, String.class).start(recorder);
        places.publish(existing, foreign("foreign"));
        t.send(client.producer(topic, String.class), List.of(Message.of("ours").withId("ours")));
        t.awaitCompleted(recorder, 3);
        assertThat(recorder.ids())
                .as("what the existing subscription had, and what came later")
                .containsExactlyInAnyOrder("before", "foreign", "ours");
        List<PlainMessage> held = places.readSubscription(existing, keptName, 3, t.patience());
        assertThat(held.stream().map(PlainMessage::id))
                .as("what the broker holds in " + keptName)
                .containsExactlyInAnyOrder("before", "foreign", "ours");
    }

    @Rule(id = "NAM-3", check = "what provision() does in modes VALIDATE and NONE at an address with a physical name")
    void onlyCreateCreates(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Queue queue = t.queue().unordered();
        String name = places.name(queue.name());
        UnaryOperator<MessagingClient.Builder> mapped = builder -> builder.physicalName(queue, name);
        MessagingClient strict = t.openClient(builder -> mapped.apply(builder.set("anymq.provision", "validate")));
        t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(queue));
        t.refused(ErrorCode.NOT_FOUND, () -> strict.producer(queue, String.class));
        // the place with the name in code is another one
        t.client().provision(queue);
        t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(queue));

        MessagingClient creating = t.openClient(mapped);
        creating.provision(queue);
        creating.provision(Queue.of(queue.name() + "-dead"));
        MessagingClient taking = t.openClient(builder -> mapped.apply(builder.set("anymq.provision", "none")));
        t.send(taking.producer(queue, String.class), List.of(Message.of("one").withId("one")));
        t.held(name, 1);
        t.held(queue.name(), 0);
        RecordingHandler<String> recorder = t.recorder();
        taking.consumer(queue, String.class).start(recorder);
        t.plain().send(name, foreign("two"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.ids()).containsExactlyInAnyOrder("one", "two");
    }

    @Rule(id = "NAM-4", check = "whether Address.Redelivery leads back to the physical name of its origin")
    void theNameInCodeStaysWhatUsersSee(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Queue queue = t.queue().unordered();
        String name = places.createQueue(queue.name());
        MessagingClient client = t.openClient(builder -> builder.physicalName(queue, name));
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = failing(t, repaired);
        client.consumer(queue, String.class).retry(RetryPolicy.never()).start(recorder);
        t.plain().send(name, foreign("1"));
        comesBack(t, client, recorder, repaired, queue.name() + "-dead", "queue:" + queue.name());
    }

    @Rule(
            id = "NAM-5",
            check = "whether Address.Redelivery of a subscription leads back to its physical name alone",
            needs = Capability.TOPICS)
    void theWayBackToASubscriptionIsItsOwn(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Topic topic = t.topic().unordered();
        Subscription failed = topic.subscription("failed");
        Subscription sound = topic.subscription("sound");
        String name = places.createTopic(topic.name());
        String failedName = places.createSubscription(name, topic.name() + "-failed");
        String soundName = places.createSubscription(name, topic.name() + "-sound");
        MessagingClient client = t.openClient(builder -> builder.physicalName(topic, name)
                .physicalName(failed, failedName)
                .physicalName(sound, soundName));
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> failing = failing(t, repaired);
        RecordingHandler<String> copy = t.recorder();
        client.consumer(failed, String.class).retry(RetryPolicy.never()).start(failing);
        client.consumer(sound, String.class).start(copy);
        places.publish(name, foreign("1"));
        comesBack(t, client, failing, repaired, topic.name() + "-failed-dead", "topic:" + failed.path());
        assertThat(copy.count()).as("calls of the other subscription").isEqualTo(1);
    }

    private static RecordingHandler<String> failing(TckContext t, AtomicBoolean repaired) {
        return t.<String>recorder().doing(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
    }

    private static void comesBack(
            TckContext t,
            MessagingClient client,
            RecordingHandler<String> recorder,
            AtomicBoolean repaired,
            String dead,
            String origin)
            throws Exception {
        t.awaitCount(recorder, 1);
        assertThat(t.held(dead, 1)).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo("1");
            assertThat(letter.headers()).containsEntry("mq-dead-source", origin);
        });
        repaired.set(true);
        Duration idle = t.patience().dividedBy(4);
        RedriveOptions options = RedriveOptions.builder().idle(idle).build();
        RedriveReport report = t.get(client.redrive(Queue.of(dead), options));
        assertThat(report.redriven()).as("redriven").isEqualTo(1);
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.ids()).containsExactly("1", "1");
    }

    @Rule(id = "NAM-6", check = "what invalidPhysicalName() accepts")
    void badNamesAreRefusedAtOnce(TckContext t) {
        assertThat(mistakes(
                        t, builder -> builder.set("anymq.names.queue.a", "same").set("anymq.names.queue.b", "same")))
                .as("two names in code for one place")
                .contains("anymq.names.queue.a", "anymq.names.queue.b", "same");
        assertThat(mistakes(t, builder -> builder.set("anymq.names.topic.not.portable", "x")))
                .as("a name in code that is not portable")
                .contains("anymq.names.topic.not.portable", "1 to 64");
        assertThat(mistakes(t, builder -> builder.set("anymq.names.subscription.a", "x")))
                .as("a subscription without a topic")
                .contains("anymq.names.subscription.a");
        t.plain()
                .places()
                .map(PlainPlaces::impossibleName)
                .ifPresent(impossible -> assertThat(
                                mistakes(t, builder -> builder.physicalName(Queue.of("a"), impossible)))
                        .as("a name that the broker cannot hold")
                        .contains("anymq.names.queue.a", "must"));
    }

    private static String mistakes(TckContext t, UnaryOperator<MessagingClient.Builder> wrong) {
        Throwable thrown = catchThrowable(() -> t.openClient(wrong));
        assertThat(thrown).as("what opening a client throws").isInstanceOf(ConfigurationException.class);
        return String.valueOf(thrown.getMessage());
    }

    @Rule(id = "NAM-7", check = "what provision() and openReceiver() find out about the order that a place keeps")
    void orderHoldsOrIsRefused(TckContext t) throws Exception {
        PlainPlaces places = places(t);
        Queue created = t.queue();
        Queue found = t.queue();
        String createdName = places.name(created.name());
        String foundName = places.createQueue(found.name());
        UnaryOperator<MessagingClient.Builder> mapped =
                builder -> builder.physicalName(created, createdName).physicalName(found, foundName);
        keepsOrder(t, created, t.openClient(mapped), t.openClient(mapped));
        MessagingClient first = t.openClient(mapped);
        try {
            first.provision(found);
        } catch (MessagingException refused) {
            assertThat(refused.code()).isIn(ErrorCode.MISMATCH, ErrorCode.UNSUPPORTED);
            assertThat(refused).hasMessageContaining(found.name()).hasMessageContaining(foundName);
            MessagingClient taking = t.openClient(builder -> mapped.apply(builder.set("anymq.provision", "none")));
            Throwable thrown =
                    catchThrowable(() -> taking.consumer(found, String.class).start(delivery -> {}));
            assertThat(thrown)
                    .as("what a consumer gets that takes the place as it is")
                    .isInstanceOf(MessagingException.class);
            return;
        }
        keepsOrder(t, found, first, t.openClient(mapped));
    }

    private static void keepsOrder(TckContext t, Queue queue, MessagingClient first, MessagingClient second) {
        RecordingHandler<String> recorder = t.recorder();
        first.consumer(queue, String.class).start(recorder);
        second.consumer(queue, String.class).start(recorder);
        t.send(first.producer(queue, String.class), Messages.spread(60, 6));
        t.awaitAsserted(() -> Order.everyKeyWithoutGap(recorder, 60, 6));
        assertThat(recorder.peakOfAnyKey())
                .as("calls of one key at the same time")
                .isEqualTo(1);
    }
}
