package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** REC: crashes of consumers and of the broker. */
final class RecoveryRules {
    private static final int MANY = 60;
    private static final int KEYS = 6;
    /** Fewer than there are: what a consumer does when it has no more room is lost with it. */
    private static final int SMALL_WINDOW = 10;
    /** A receiver is called once a second at least. */
    private static final Duration OVER_A_POLL = Duration.ofMillis(1_200);

    @Rule(
            id = "REC-1",
            history = HistoryScope.TO_THE_END,
            check = "whether a message is acknowledged, or removed, before the engine says so",
            faults = Fault.CONSUMER_CRASH)
    void crashedConsumersWorkIsDoneByOthers(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        t.client().provision(queue);
        t.send(t.producer(queue), numbered());
        CrashableConsumer crashing = t.startCrashable(queue, 5, SMALL_WINDOW);
        t.await("handlers are stuck", () -> crashing.started().size() > 5);
        // Else one could be settled at the broker without the consumer having been able to say so.
        t.await("what was handled is settled", () -> crashing.settled().size() == 5);
        t.holds(
                "stuck handlers settle nothing, also when there is no room for more",
                OVER_A_POLL,
                () -> crashing.settled().size() == 5);
        crashing.crash();
        List<String> settled = crashing.settled();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        List<String> unsettled = new ArrayList<>(Messages.bodies(0, MANY));
        unsettled.removeAll(settled);
        t.awaitAsserted(() -> assertThat(recorder.ids()).containsAll(unsettled));
        t.held(queue.name() + "-dead", 0);
    }

    private static List<Message<String>> numbered() {
        return Messages.spread(MANY, KEYS).stream()
                .map(message -> message.withId(message.body()))
                .toList();
    }

    @Rule(
            id = "REC-2",
            history = HistoryScope.TO_THE_END,
            check = "where reading continues after a crash: at the first message that was not settled",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.CONSUMER_CRASH)
    void orderHoldsAcrossACrash(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(t.producer(queue), numbered());
        // one less than a key has: the last of each key is left, even if one key has all the luck
        int handled = MANY / KEYS - 1;
        CrashableConsumer crashing = t.startCrashable(queue, handled);
        t.await("handlers are stuck", () -> crashing.started().size() > handled);
        crashing.crash();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        for (int key = 0; key < KEYS; key++) {
            String last = Messages.bodiesOfKey(key, MANY, KEYS).get(MANY / KEYS - 1);
            t.awaitAsserted(() -> assertThat(recorder.bodies()).contains(last));
        }
        t.await("no handler runs", () -> recorder.running() == 0);
        for (int key = 0; key < KEYS; key++) {
            List<String> sent = Messages.bodiesOfKey(key, MANY, KEYS);
            List<String> all = new ArrayList<>(
                    crashing.started().stream().filter(sent::contains).toList());
            all.addAll(recorder.bodiesOf("key-" + key));
            Order.withoutGap(all, sent);
        }
    }

    @Rule(
            id = "REC-3",
            history = HistoryScope.TO_THE_END,
            check = "whether confirmed() waits for what makes a message durable",
            needs = Capability.DURABLE,
            faults = Fault.BROKER_DOWN,
            alone = true)
    void confirmedSurvivesARestart(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.send(t.openClient().producer(queue, String.class), Messages.spread(MANY, KEYS));
        t.inject(Fault.BROKER_DOWN);
        t.heal(Fault.BROKER_DOWN);
        t.held(queue.name(), MANY);
        RecordingHandler<String> recorder = t.recorder();
        t.openClient().consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, MANY);
        Order.everyKeyInOrder(recorder, MANY, KEYS);
    }

    @Rule(
            id = "REC-4",
            history = HistoryScope.TO_THE_END,
            check = "whether the connection reconnects, and receivers fail with a retryable error so that they"
                    + " are opened"
                    + " again",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void workGoesOnAfterARestart(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        Producer<String> producer = t.producer(queue);
        t.send(producer, Messages.unkeyed(10));
        t.awaitCompleted(recorder, 10);
        t.inject(Fault.BROKER_DOWN);
        t.heal(Fault.BROKER_DOWN);
        Message<String> after = Message.of("after").withId("after");
        t.awaitConfirmed(producer, after);
        t.await("handled by the same consumer", () -> !recorder.callsOf("after").isEmpty());
    }

    @Rule(
            id = "REC-5",
            history = HistoryScope.TO_THE_END,
            check = "whether the vendor's client sends again on its own in another order",
            needs = {Capability.DURABLE, Capability.PER_KEY_ORDER},
            faults = Fault.BROKER_DOWN,
            alone = true)
    void orderHoldsAcrossARestart(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        KeyedStream stream = new KeyedStream(t, t.producer(queue), 4);
        stream.send(100);
        t.inject(Fault.BROKER_DOWN);
        stream.send(20);
        t.heal(Fault.BROKER_DOWN);
        stream.awaitEnds();
        stream.sendUntilConfirmed(80);
        stream.assertHandledInOrder(recorder);
    }
}
