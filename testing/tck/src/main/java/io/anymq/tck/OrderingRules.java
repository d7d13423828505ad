package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.policy.FlowControl;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** ORD: the order of handling. */
final class OrderingRules {
    private static final int MANY = 240;
    private static final int KEYS = 12;
    private static final int SMALL_WINDOW = 8;
    /** A receiver is called once a second at least. */
    private static final Duration OVER_A_POLL = Duration.ofMillis(1_200);

    private static final int MANY_KEYS = 500;
    /** Two to this power are as many keys of one hash. */
    private static final int TWINS = 7;

    private static final int KEYS_AT_ONCE = 10;
    private static final int OF_EACH_KEY = 3;
    private static final int AROUND_AN_OUTAGE = 60;
    private static final int OUTAGE_KEYS = 3;
    /** Long enough that calls which may overlap do. */
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static RecordingHandler<String> working(TckContext t) {
        return t.<String>recorder().doing(delivery -> LockSupport.parkNanos(WORK_NANOS));
    }

    @Rule(
            id = "ORD-1",
            history = HistoryScope.TO_THE_END,
            check = "whether send() keeps the order of its calls per key, and receive() the order within a lane",
            needs = Capability.PER_KEY_ORDER)
    void keyKeepsItsOrder(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = working(t);
        Consumer consumer =
                t.client().consumer(queue, String.class).concurrency(8).start(recorder);
        t.send(t.producer(queue), Messages.spread(MANY, KEYS));
        t.awaitCompleted(recorder, MANY);
        Order.everyKeyInOrder(recorder, MANY, KEYS);

        List<String> manyKeys = manyKeys();
        List<Message<String>> ofManyKeys = new ArrayList<>();
        for (int block = 0; block < manyKeys.size(); block += KEYS_AT_ONCE) {
            for (int i = 0; i < OF_EACH_KEY * KEYS_AT_ONCE; i++) {
                String key = manyKeys.get(block + i % KEYS_AT_ONCE);
                ofManyKeys.add(Messages.keyed(key, key + " " + i / KEYS_AT_ONCE));
            }
        }
        // so that there are many at once
        consumer.pause();
        t.send(t.producer(queue), ofManyKeys);
        consumer.resume();
        t.awaitCompleted(recorder, MANY + ofManyKeys.size());
        for (String key : manyKeys) {
            assertThat(recorder.bodiesOf(key))
                    .as("handled for " + key)
                    .containsExactly(key + " 0", key + " 1", key + " 2");
        }
    }

    /** Some hundred, half of them in groups of the same hash. */
    private static List<String> manyKeys() {
        List<String> twins = new ArrayList<>(List.of(""));
        for (int i = 0; i < TWINS; i++) {
            List<String> longer = new ArrayList<>();
            twins.forEach(twin -> longer.addAll(List.of(twin + "Aa", twin + "BB")));
            twins = longer;
        }
        List<String> keys = new ArrayList<>(twins);
        for (int i = twins.size(); i < MANY_KEYS; i++) {
            keys.add("customer-" + i);
        }
        return keys;
    }

    @Rule(
            id = "ORD-2",
            history = HistoryScope.TO_THE_END,
            check = "whether one key's messages can be in two lanes, or handed out twice",
            needs = Capability.PER_KEY_ORDER)
    void keyDoesNotOverlap(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder =
                t.<String>recorder().doing(delivery -> LockSupport.parkNanos(3 * WORK_NANOS));
        t.client().consumer(queue, String.class).concurrency(8).start(recorder);
        t.client().consumer(queue, String.class).concurrency(8).start(recorder);
        t.send(t.producer(queue), Messages.spread(MANY, 3));
        t.awaitCompleted(recorder, MANY);
        assertThat(recorder.peakOfAnyKey())
                .as("calls of one key at the same time")
                .isEqualTo(1);
    }

    @Rule(
            id = "ORD-3",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() goes on handing out messages while earlier ones of the lane are unsettled",
            needs = Capability.PER_KEY_ORDER)
    void otherKeysGoOn(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if ("slow".equals(delivery.key())) {
                t.pass(gate);
            }
        });
        t.client().consumer(queue, String.class).concurrency(4).start(recorder);
        t.send(t.producer(queue), Messages.ofKey("slow", 20));
        t.send(t.producer(queue), Messages.spread(60, 20));
        t.awaitCompleted(recorder, 60);
        // Its handler may be the last to begin.
        t.awaitCount(recorder, 61);
        assertThat(recorder.bodiesOf("slow")).as("begun for the busy key").containsExactly(Messages.body(0));
        gate.countDown();
        t.awaitCompleted(recorder, 80);
        assertThat(recorder.bodiesOf("slow")).isEqualTo(Messages.bodies(0, 20));
    }

    @Rule(
            id = "ORD-4",
            history = HistoryScope.TO_THE_END,
            check = "what the adapter makes of a missing key: none, not an empty or common one")
    void noKeyMeansNoOrder(TckContext t) {
        Queue queue = t.queue();
        sideBySide(t, queue, List.of(Message.of("one"), Message.of("two"), Message.of("three")));
    }

    /** All three handlers have to run at the same time to get through. */
    private static void sideBySide(TckContext t, Queue queue, List<Message<String>> three) {
        sideBySide(t, queue, queue, three);
    }

    private static void sideBySide(TckContext t, Destination destination, Source source, List<Message<String>> three) {
        CyclicBarrier together = new CyclicBarrier(3);
        RecordingHandler<String> recorder = t.<String>recorder()
                .doing(delivery -> together.await(t.patience().toMillis(), TimeUnit.MILLISECONDS));
        t.client().consumer(source, String.class).concurrency(3).start(recorder);
        t.send(t.producer(destination), three);
        t.awaitCompleted(recorder, 3);
        assertThat(recorder.peak()).isEqualTo(3);
    }

    @Rule(
            id = "ORD-5",
            history = HistoryScope.TO_THE_END,
            check = "whether a destination with total order has one lane, owned by one receiver at a time",
            needs = Capability.TOTAL_ORDER)
    void totalOrder(TckContext t) {
        Queue queue = t.queue().totalOrder();
        inTotalOrder(t, queue, queue);
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = t.topic().totalOrder();
            inTotalOrder(t, topic, topic.subscription("s"));
        }
    }

    private static void inTotalOrder(TckContext t, Destination destination, Source source) {
        RecordingHandler<String> recorder = working(t);
        Consumer first =
                t.client().consumer(source, String.class).concurrency(8).start(recorder);
        Consumer second =
                t.openClient().consumer(source, String.class).concurrency(8).start(recorder);
        List<Message<String>> messages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            messages.add(i % 3 == 0 ? Message.of(Messages.body(i)) : Messages.keyed("k" + i % 7, Messages.body(i)));
        }
        t.send(t.producer(destination), messages);
        t.awaitCompleted(recorder, 100);
        assertThat(recorder.bodies()).as("handled for " + source.path()).isEqualTo(Messages.bodies(0, 100));
        assertThat(recorder.peak()).as("calls at the same time").isEqualTo(1);
        t.await("all is settled", () -> first.inFlight() + second.inFlight() == 0);
    }

    @Rule(
            id = "ORD-6",
            history = HistoryScope.TO_THE_END,
            check = "whether lanesRevoked() is called, and acknowledged messages made durable, before a lane moves",
            needs = Capability.PER_KEY_ORDER)
    void orderHoldsWhileConsumersComeAndGo(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder =
                t.<String>recorder().doing(delivery -> LockSupport.parkNanos(5 * WORK_NANOS));
        t.client().consumer(queue, String.class).concurrency(4).start(recorder);
        Producer<String> producer = t.producer(queue);
        t.send(producer, Messages.spread(0, 120, KEYS));
        t.awaitCount(recorder, 40);
        MessagingClient other = t.openClient();
        Consumer second = join(other, queue, recorder);
        t.send(producer, Messages.spread(120, 240, KEYS));
        t.awaitCount(recorder, 160);
        Consumer third = join(t.openClient(), queue, recorder);
        Consumer fourth = join(other, queue, recorder);
        t.send(producer, Messages.spread(240, 360, KEYS));
        t.awaitCount(recorder, 280);
        second.close();
        t.send(producer, Messages.spread(360, 480, KEYS));
        t.awaitCount(recorder, 400);
        third.close();
        fourth.close();
        t.awaitAsserted(() -> assertThat(Order.firsts(recorder.bodies())).hasSize(480));
        t.await("no handler runs", () -> recorder.running() == 0);
        Order.everyKeyWithoutGap(recorder, 480, KEYS);
        assertThat(recorder.peakOfAnyKey())
                .as("calls of one key at the same time")
                .isEqualTo(1);
    }

    private static Consumer join(MessagingClient client, Queue queue, RecordingHandler<String> recorder) {
        return client.consumer(queue, String.class).concurrency(4).start(recorder);
    }

    @Rule(
            id = "ORD-7",
            history = HistoryScope.TO_THE_END,
            check = "whether release() and a lost receiver put messages back at their old place",
            needs = Capability.PER_KEY_ORDER)
    void redeliveryNeverSkips(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().equals(Messages.body(7)) || delivery.body().equals(Messages.body(20))) {
                t.pass(gate);
            }
        });
        MessagingClient leaving = t.openClient();
        Consumer first = leaving.consumer(queue, String.class).start(recorder);
        t.send(t.producer(queue), Messages.spread(40, 4));
        t.await("both slow handlers run", () -> recorder.running() == 2);
        first.close(Duration.ofMillis(100));
        gate.countDown();
        t.client().consumer(queue, String.class).start(recorder);
        t.awaitAsserted(() -> assertThat(Order.firsts(recorder.bodies())).hasSize(40));
        t.await("no handler runs", () -> recorder.running() == 0);
        Order.everyKeyWithoutGap(recorder, 40, 4);
    }

    @Rule(id = "ORD-8", check = "nothing in the adapter: the engine guards the key")
    void failedSendBlocksItsKey(TckContext t) throws Exception {
        Queue queue = t.queue();
        Producer<String> producer = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().maxBodyBytes(100).build());
        t.send(producer, List.of(Messages.keyed("gap", "1")));
        assertThat(t.failure(producer.send(Messages.keyed("gap", "2".repeat(101))))
                        .code())
                .isEqualTo(ErrorCode.TOO_LARGE);
        SendException blocked = t.failure(producer.send(Messages.keyed("gap", "3")));
        assertThat(blocked.code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        assertThat(blocked.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        assertThat(producer.blockedKeys()).containsExactly("gap");
        t.send(producer, List.of(Messages.keyed("other", "4"), Message.of("5")));
        producer.resumeKey("gap");
        assertThat(producer.blockedKeys()).isEmpty();
        t.send(producer, List.of(Messages.keyed("gap", "6")));
        t.held(queue.name(), 4);
    }

    @Rule(
            id = "ORD-9",
            history = HistoryScope.TO_THE_END,
            check = "whether a list of messages is sent in its order and before what comes later",
            needs = Capability.PER_KEY_ORDER)
    void batchKeepsItsOrder(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        Producer<String> producer = t.producer(queue);
        var batch = producer.sendBatch(Messages.spread(0, 60, 3));
        t.send(producer, Messages.spread(60, 90, 3));
        t.get(batch);
        t.awaitCompleted(recorder, 90);
        Order.everyKeyInOrder(recorder, 90, 3);
    }

    @Rule(
            id = "ORD-10",
            history = HistoryScope.TO_THE_END,
            check = "whether the adapter takes a key for an order where none is declared")
    void unorderedWaitsForNothing(TckContext t) {
        List<Message<String>> three =
                List.of(Messages.keyed("same", "one"), Messages.keyed("same", "two"), Messages.keyed("same", "three"));
        sideBySide(t, t.queue().unordered(), three);
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = t.topic().unordered();
            sideBySide(t, topic, topic.subscription("s"), three);
        }
    }

    @Rule(
            id = "ORD-11",
            history = HistoryScope.TO_THE_END,
            check = "whether subscriptions share a lane, a prefetch window or a position",
            needs = {Capability.TOPICS, Capability.PER_KEY_ORDER})
    void subscriptionsAreIndependent(TckContext t) {
        Topic topic = t.topic();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> slow = t.<String>recorder().doing(delivery -> t.pass(gate));
        RecordingHandler<String> held = t.recorder();
        RecordingHandler<String> back = t.recorder();
        RecordingHandler<String> fast = t.recorder();
        // a window that is soon full, a consumer that is paused, and one that is gone
        t.client()
                .consumer(topic.subscription("slow"), String.class)
                .flow(FlowControl.ofMaxInFlight(SMALL_WINDOW))
                .start(slow);
        Consumer paused = t.client()
                .consumer(topic.subscription("paused"), String.class)
                .flow(FlowControl.ofMaxInFlight(SMALL_WINDOW))
                .start(held);
        paused.pause();
        t.client()
                .consumer(topic.subscription("closed"), String.class)
                .start(back)
                .close();
        t.client().consumer(topic.subscription("fast"), String.class).start(fast);
        t.send(t.producer(topic), Messages.spread(MANY, 4));
        t.awaitCompleted(fast, MANY);
        t.holds("nothing is handled while paused", OVER_A_POLL, () -> held.count() == 0);
        // by now every sibling has been asked for nothing more, and a common window would be full
        t.send(t.producer(topic), Messages.spread(MANY, 2 * MANY, 4));
        t.awaitCompleted(fast, 2 * MANY);
        Order.everyKeyInOrder(fast, 2 * MANY, 4);
        assertThat(held.count() + back.count())
                .as("handled while paused or closed")
                .isZero();
        gate.countDown();
        paused.resume();
        t.client().consumer(topic.subscription("closed"), String.class).start(back);
        for (RecordingHandler<String> sibling : List.of(slow, held, back)) {
            t.awaitCompleted(sibling, 2 * MANY);
            Order.everyKeyInOrder(sibling, 2 * MANY, 4);
        }
    }

    @Rule(
            id = "ORD-12",
            check = "nothing in the adapter: the engine guards the destination",
            needs = Capability.TOTAL_ORDER)
    void failedSendBlocksTotalOrder(TckContext t) throws Exception {
        Queue queue = t.queue().totalOrder();
        Producer<String> producer = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().maxBodyBytes(100).build());
        assertThat(t.failure(producer.send("x".repeat(101))).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(t.failure(producer.send(Messages.keyed("any", "1"))).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        assertThat(t.failure(producer.send("2")).code()).isEqualTo(ErrorCode.KEY_BLOCKED);
        assertThat(producer.blockedKeys()).hasSize(1);
        producer.resume();
        t.send(producer, List.of(Message.of("3")));
        t.held(queue.name(), 1);
    }

    @Rule(
            id = "ORD-14",
            check =
                    "whether what was not confirmed when the broker went away gets an outcome, and whether a message that "
                            + "waits in the adapter asks leaves() before it goes",
            needs = Capability.PER_KEY_ORDER,
            faults = Fault.BROKER_DOWN,
            alone = true)
    void outageBlocksNoKeyAndReordersNone(TckContext t) throws Exception {
        Queue queue = t.queue();
        Producer<String> producer = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder()
                                .sendTimeout(Duration.ofMinutes(2))
                                .maxBlock(Duration.ofMinutes(2))
                                .retry(true)
                                .build());
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        List<Message<String>> messages = Messages.spread(0, AROUND_AN_OUTAGE, OUTAGE_KEYS);
        messages.subList(0, AROUND_AN_OUTAGE / 2).forEach(message -> sends.add(producer.send(message)));
        t.inject(Fault.BROKER_DOWN);
        messages.subList(AROUND_AN_OUTAGE / 2, AROUND_AN_OUTAGE).forEach(message -> sends.add(producer.send(message)));
        t.heal(Fault.BROKER_DOWN);
        for (CompletableFuture<Receipt> send : sends) {
            assertThat(send).succeedsWithin(Duration.ofMinutes(2));
        }
        assertThat(producer.blockedKeys()).as("keys blocked by the outage").isEmpty();
        boolean durable = t.capabilities().has(Capability.DURABLE);
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        for (int key = 0; key < OUTAGE_KEYS; key++) {
            String name = "key-" + key;
            List<String> sent = Messages.bodiesOfKey(key, AROUND_AN_OUTAGE, OUTAGE_KEYS);
            // a broker that keeps nothing over a restart may have forgotten the first ones
            t.await("the last of " + name, () -> recorder.bodiesOf(name).contains(sent.get(sent.size() - 1)));
            List<String> firsts = Order.firsts(recorder.bodiesOf(name));
            assertThat(firsts)
                    .as("first copies of " + name)
                    .isEqualTo(durable ? sent : sent.subList(sent.size() - firsts.size(), sent.size()));
        }
    }
}
