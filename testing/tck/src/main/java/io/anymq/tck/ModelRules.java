package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.spi.Capability;
import java.util.List;
import java.util.Map;

/** SUB: queues, topics and subscriptions. */
final class ModelRules {
    private static final int MANY = 120;
    private static final int KEYS = 12;

    @Rule(
            id = "SUB-1",
            history = HistoryScope.TO_THE_END,
            check = "whether two receivers of one queue are given the same message, or one is dropped between them")
    void consumersOfAQueueCompete(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        t.openClient().consumer(queue, String.class).start(recorder);
        t.send(t.producer(queue), Messages.spread(MANY, KEYS));
        t.sendBodies(queue, "unkeyed");
        t.awaitCompleted(recorder, MANY + 1);
        List<String> expected = new java.util.ArrayList<>(Messages.bodies(0, MANY));
        expected.add("unkeyed");
        assertThat(Order.firsts(recorder.bodies())).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(recorder.bodies()).as("no message twice").doesNotHaveDuplicates();
    }

    @Rule(
            id = "SUB-2",
            history = HistoryScope.TO_THE_END,
            check = "whether each subscription has a store (queue, group, cursor) of its own at the broker",
            needs = Capability.TOPICS)
    void everySubscriptionGetsItsCopy(TckContext t) {
        Topic topic = t.topic();
        List<RecordingHandler<String>> recorders = List.of(t.recorder(), t.recorder(), t.recorder());
        for (int i = 0; i < recorders.size(); i++) {
            t.client().consumer(topic.subscription("s" + i), String.class).start(recorders.get(i));
        }
        t.send(t.producer(topic), Messages.spread(30, 5));
        for (RecordingHandler<String> recorder : recorders) {
            t.awaitCompleted(recorder, 30);
            assertThat(recorder.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 30));
        }
    }

    @Rule(
            id = "SUB-3",
            history = HistoryScope.TO_THE_END,
            check = "whether receivers of the same subscription share its store and not just its name",
            needs = Capability.TOPICS)
    void consumersOfASubscriptionCompete(TckContext t) {
        Topic topic = t.topic();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(topic.subscription("shared"), String.class).start(recorder);
        t.openClient().consumer(topic.subscription("shared"), String.class).start(recorder);
        t.send(t.producer(topic), Messages.spread(MANY, KEYS));
        t.awaitCompleted(recorder, MANY);
        assertThat(Order.firsts(recorder.bodies())).hasSize(MANY);
        assertThat(recorder.bodies()).as("no message twice").doesNotHaveDuplicates();
    }

    @Rule(
            id = "SUB-4",
            history = HistoryScope.TO_THE_END,
            check = "where provision() writes the start of a new subscription",
            needs = Capability.TOPICS)
    void nowMeansFromNow(TckContext t) {
        Topic topic = t.topic();
        t.send(t.producer(topic), Messages.spread(0, 5, 5));
        Subscription late = topic.subscription("late", StartPosition.NOW);
        t.client().provision(late);
        t.send(t.producer(topic), Messages.spread(5, 15, 5));
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(late, String.class).start(recorder);
        t.awaitCompleted(recorder, 10);
        assertThat(recorder.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(5, 15));
    }

    @Rule(
            id = "SUB-5",
            history = HistoryScope.TO_THE_END,
            check = "where provision() writes the start of a new subscription",
            needs = {Capability.TOPICS, Capability.START_EARLIEST})
    void earliestMeansAllThatIsRetained(TckContext t) {
        Topic topic = t.topic();
        t.send(t.producer(topic), Messages.spread(0, 10, 5));
        Subscription late = topic.subscription("late", StartPosition.EARLIEST);
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(late, String.class).start(recorder);
        t.send(t.producer(topic), Messages.spread(10, 15, 5));
        t.awaitCompleted(recorder, 15);
        assertThat(recorder.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 15));
    }

    @Rule(
            id = "SUB-6",
            history = HistoryScope.TO_THE_END,
            check = "whether provision() returns before the broker has the queue, binding or starting offset")
    void nothingIsMissedBeforeTheFirstConsumer(TckContext t) {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(t.openClient().producer(queue, String.class), Messages.spread(10, 3));
        RecordingHandler<String> fromQueue = t.recorder();
        t.client().consumer(queue, String.class).start(fromQueue);
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = t.topic();
            t.client().provision(topic.subscription("first"));
            t.send(t.openClient().producer(topic, String.class), Messages.spread(10, 3));
            RecordingHandler<String> fromTopic = t.recorder();
            t.client().consumer(topic.subscription("first"), String.class).start(fromTopic);
            t.awaitCompleted(fromTopic, 10);
            assertThat(fromTopic.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 10));
        }
        t.awaitCompleted(fromQueue, 10);
        assertThat(fromQueue.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 10));
    }

    @Rule(
            id = "SUB-7",
            history = HistoryScope.TO_THE_END,
            check =
                    "whether acknowledgements are durable when close() returns, and whether provision() resets a position",
            needs = Capability.TOPICS)
    void aSubscriptionContinuesWhereItStopped(TckContext t) {
        Topic topic = t.topic();
        StartPosition other =
                t.capabilities().has(Capability.START_EARLIEST) ? StartPosition.EARLIEST : StartPosition.NOW;
        RecordingHandler<String> first = t.recorder();
        MessagingClient before = t.openClient();
        before.consumer(topic.subscription("durable"), String.class).start(first);
        t.send(t.producer(topic), Messages.spread(0, 10, 3));
        t.awaitCompleted(first, 10);
        before.close();
        t.send(t.producer(topic), Messages.spread(10, 20, 3));
        RecordingHandler<String> second = t.recorder();
        t.openClient()
                .consumer(topic.subscription("durable", other), String.class)
                .start(second);
        t.awaitCompleted(second, 10);
        assertThat(second.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(10, 20));
    }

    @Rule(
            id = "SUB-8",
            history = HistoryScope.TO_THE_END,
            check = "how names are mapped to the broker's: case, dots, dashes, wildcards, shared prefixes")
    void similarNamesAreDifferent(TckContext t) {
        String name = t.name("Ab");
        List<Queue> queues = List.of(
                Queue.of(name),
                Queue.of(name.toLowerCase(java.util.Locale.ROOT)),
                Queue.of(name.replace('-', '_')),
                Queue.of(name + "-"),
                Queue.of(name + "-x"));
        for (Queue queue : queues) {
            t.sendBodies(queue, queue.name());
        }
        for (Queue queue : queues) {
            RecordingHandler<String> recorder = t.recorder();
            t.client().consumer(queue, String.class).start(recorder);
            t.sendBodies(queue, queue.name() + " last");
            t.awaitCompleted(recorder, 2);
            assertThat(recorder.bodies()).containsExactlyInAnyOrder(queue.name(), queue.name() + " last");
        }
    }

    @Rule(id = "SUB-9", check = "what provision() does in mode VALIDATE, and how the broker's answer is translated")
    void validateCreatesNothing(TckContext t) throws Exception {
        MessagingClient strict = t.openClient(builder -> builder.set("anymq.provision", "validate"));
        Queue queue = t.queue();
        t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(queue));
        t.refused(ErrorCode.NOT_FOUND, () -> strict.producer(queue, String.class));
        t.refused(
                ErrorCode.NOT_FOUND, () -> strict.consumer(queue, String.class).start(d -> {}));
        t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(queue));
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = t.topic();
            t.refused(ErrorCode.NOT_FOUND, () -> strict.producer(topic, String.class));
            t.refused(ErrorCode.NOT_FOUND, () -> strict.producer(topic, String.class));
            t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(topic.subscription("s")));
            t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(topic.subscription("s")));
            t.refused(
                    ErrorCode.NOT_FOUND,
                    () -> strict.consumer(topic.subscription("s"), String.class).start(d -> {}));
            // the topic is there, and another subscription; this one is not
            t.client().provision(topic.subscription("other"));
            t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(topic.subscription("s")));
            t.refused(ErrorCode.NOT_FOUND, () -> strict.provision(topic.subscription("s")));
            t.send(strict.producer(topic, String.class), List.of(Message.of("to the other one alone")));
        }
        t.client().provision(queue);
        t.client().provision(Queue.of(queue.name() + "-dead"));
        strict.provision(queue);
        Producer<String> producer = strict.producer(queue, String.class);
        t.send(producer, List.of(Message.of("now it exists")));
        t.held(queue.name(), 1);
    }

    @Rule(id = "SUB-10", check = "how provision() reacts to what the broker answers when something exists")
    void provisioningIsIdempotent(TckContext t) {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.sendBodies(queue, "kept");
        t.client().provision(queue);
        t.openClient().provision(queue);
        if (t.capabilities().has(Capability.TOPICS)) {
            Subscription subscription = t.topic().subscription("again");
            t.client().provision(subscription);
            t.send(t.producer(subscription.topic()), List.of(Message.of("kept")));
            t.openClient().provision(subscription);
            RecordingHandler<String> copy = t.recorder();
            t.client().consumer(subscription, String.class).start(copy);
            t.awaitCompleted(copy, 1);
        }
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.bodies()).containsExactly("kept");
    }

    @Rule(id = "SUB-11", check = "where id, key, content type and headers are read from")
    void foreignMessagesAreHandled(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.client().provision(queue);
        byte[] body = Messages.utf8("körper");
        Map<String, String> headers = Map.of("x-origin", "plain");
        t.plain().send(queue.name(), new PlainMessage("foreign", "k", body, Messages.TEXT, headers));
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        t.send(queue, Messages.keyed("k", "ours").withId("ours"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.callsOf("foreign")).singleElement().satisfies(call -> {
            assertThat(call.key()).isEqualTo("k");
            assertThat(call.body()).isEqualTo("körper");
            assertThat(call.headers()).isEqualTo(headers);
        });
        assertThat(recorder.ids()).containsExactlyInAnyOrder("foreign", "ours");
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "SUB-12",
            check = "where provision() keeps how a destination was declared, and whether it compares it",
            needs = Capability.PER_KEY_ORDER)
    void anotherOrderingIsRefused(TckContext t) throws Exception {
        Queue keyed = t.queue();
        Queue loose = t.queue().unordered();
        Topic topic = t.topic();
        boolean topics = t.capabilities().has(Capability.TOPICS);
        try (MessagingClient first = t.openClient()) {
            first.provision(keyed);
            first.provision(Queue.of(keyed.name() + "-dead"));
            first.provision(loose);
            if (topics) {
                first.provision(topic.subscription("s"));
            }
        }
        for (String mode : List.of("create", "validate")) {
            MessagingClient later = t.openClient(builder -> builder.set("anymq.provision", mode));
            t.refused(ErrorCode.MISMATCH, () -> later.provision(keyed.unordered()));
            t.refused(ErrorCode.MISMATCH, () -> later.producer(keyed.unordered(), String.class));
            t.refused(ErrorCode.MISMATCH, () -> later.provision(Queue.of(loose.name())));
            t.refused(
                    ErrorCode.MISMATCH,
                    () -> later.consumer(Queue.of(loose.name()), String.class).start(d -> {}));
            if (topics) {
                t.refused(ErrorCode.MISMATCH, () -> later.producer(topic.unordered(), String.class));
                t.refused(
                        ErrorCode.MISMATCH,
                        () -> later.provision(topic.unordered().subscription("s")));
                later.provision(topic.subscription("s"));
            }
            later.provision(loose);
            later.provision(keyed);
            t.send(later.producer(keyed, String.class), List.of(Message.of(mode)));
        }
        t.held(keyed.name(), 2);
    }

    @Rule(
            id = "SUB-13",
            check = "whether provision() finds a topic of a queue's name, and a queue of a topic's, on the broker",
            needs = Capability.TOPICS)
    void aNameIsAQueueOrATopic(TckContext t) throws Exception {
        Queue queue = t.queue();
        Topic topic = t.topic();
        try (MessagingClient first = t.openClient()) {
            first.provision(queue);
            first.provision(topic.subscription("s"));
        }
        MessagingClient later = t.openClient();
        Topic likeTheQueue = Topic.of(queue.name());
        Queue likeTheTopic = Queue.of(topic.name());
        t.refused(ErrorCode.MISMATCH, () -> later.producer(likeTheQueue, String.class));
        t.refused(ErrorCode.MISMATCH, () -> later.provision(likeTheQueue.subscription("s")));
        t.refused(ErrorCode.MISMATCH, () -> later.producer(likeTheTopic, String.class));
        t.refused(ErrorCode.MISMATCH, () -> later.provision(likeTheTopic));
        t.send(later.producer(queue, String.class), List.of(Message.of("still a queue")));
        t.held(queue.name(), 1);
    }
}
