package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** NET: the network between client and broker. */
final class NetworkRules {
    private static final int KEYS = 6;
    private static final int CUTS = 3;
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(3);

    @Rule(
            id = "NET-1",
            history = HistoryScope.TO_THE_END,
            check = "what becomes of sends in flight and of what a receiver holds when a connection breaks, and who "
                    + "connects again",
            faults = Fault.CONNECTION_RESET,
            alone = true)
    void resetsLoseNothing(TckContext t) throws Exception {
        Queue queue = t.queue();
        MessagingClient client = t.openNetworkClient();
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = client.consumer(queue, String.class).start(recorder);
        KeyedStream stream = new KeyedStream(
                t,
                client.producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().sendTimeout(SEND_TIMEOUT).build()),
                KEYS);
        stream.sendUntilConfirmed(KEYS);
        t.awaitCompleted(recorder, KEYS);
        List<Set<String>> handled = new ArrayList<>();
        int calls = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            calls = recorder.count();
            stream.send(50);
            t.inject(Fault.CONNECTION_RESET);
            stream.send(20);
            t.heal(Fault.CONNECTION_RESET);
            stream.awaitEnds();
            stream.sendUntilConfirmed(KEYS);
            stream.assertHandledInOrder(recorder);
            t.await("all is settled", () -> consumer.inFlight() == 0);
            handled.add(Set.copyOf(recorder.bodies()));
        }
        // before the last cut there was another one, and a new connection that worked: all from before is settled
        List<String> afterTheLast = recorder.bodies().subList(calls, recorder.count());
        assertThat(afterTheLast)
                .as("handled after the last cut, of what was settled before the last but one")
                .doesNotContainAnyElementsOf(handled.get(CUTS - 3));
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "NET-2",
            check = "what the sender reports when its time-out passes with the request written and no answer read",
            faults = Fault.ANSWERS_LOST,
            alone = true)
    void lostConfirmIsUnknown(TckContext t) throws Exception {
        Queue queue = t.queue();
        Producer<String> producer = t.openNetworkClient()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().sendTimeout(SEND_TIMEOUT).build());
        t.send(producer, List.of(Messages.keyed("k", "before").withId("before")));
        t.inject(Fault.ANSWERS_LOST);
        long start = System.nanoTime();
        Message<String> lost = Messages.keyed("k", "stored").withId("stored");
        SendException failure = t.failure(producer.send(lost));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time until the send ended")
                .isLessThan(SEND_TIMEOUT.plusSeconds(2));
        assertThat(failure.outcome()).as(failure.getMessage()).isEqualTo(SendException.Outcome.UNKNOWN);
        assertThat(failure.messageId()).isEqualTo("stored");
        assertThat(t.plain().read(queue.name(), 2, t.patience()))
                .as("what the broker holds")
                .extracting(PlainMessage::id)
                .contains("before", "stored");
        t.heal(Fault.ANSWERS_LOST);
        t.awaitAsserted(() -> {
            producer.resumeKey("k");
            assertThat(producer.send(lost).handle((receipt, error) -> error))
                    .succeedsWithin(t.patience())
                    .isNull();
        });
    }

    @Rule(
            id = "NET-3",
            check = "the vendor client's time-outs against the send time-out, and what it still sends after them",
            faults = Fault.BLACKHOLE,
            alone = true)
    void outcomesAreTrueWhenRequestsArriveLate(TckContext t) throws Exception {
        SendingRules.outcomesAreTrue(t, t.openNetworkClient(), Fault.BLACKHOLE);
    }

    @Rule(
            id = "NET-4",
            check = "what close() waits for, and whether every call of the vendor's client in it has a time-out",
            faults = Fault.BLACKHOLE,
            alone = true)
    void closesWhileNothingGetsThrough(TckContext t) throws Exception {
        LeftoverRules.closesWhile(Fault.BLACKHOLE, t, t::openNetworkClient);
    }

    @Rule(
            id = "NET-5",
            history = HistoryScope.TO_THE_END,
            check = "what depends on an answer coming at once: time-outs, acknowledgements, keeping a lane",
            faults = Fault.LATENCY,
            alone = true)
    void latencyChangesNothing(TckContext t) throws Exception {
        int count = 60;
        Queue queue = t.queue();
        MessagingClient client = t.openNetworkClient();
        t.inject(Fault.LATENCY);
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(queue, String.class).concurrency(4).start(recorder);
        t.send(client.producer(queue, String.class), Messages.spread(count, KEYS));
        t.awaitCompleted(recorder, count);
        Order.everyKeyInOrder(recorder, count, KEYS);
        t.held(queue.name() + "-dead", 0);
        client.close();
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.send(queue, Messages.keyed("key-0", "sentinel"));
        t.awaitCompleted(next, 1);
        assertThat(next.bodies()).as("what was not settled").containsExactly("sentinel");
    }

    @Rule(
            id = "NET-6",
            history = HistoryScope.TO_THE_END,
            check = "heartbeats and request time-outs, of the receiver above all, which sends little by itself",
            faults = Fault.HALF_OPEN,
            alone = true)
    void silenceIsNoticed(TckContext t) throws Exception {
        goesOnBesides(Fault.HALF_OPEN, t);
    }

    @Rule(
            id = "NET-7",
            history = HistoryScope.TO_THE_END,
            check = "whether what a client can still write, such as its own heartbeats, passes for a sign of"
                    + " life of the "
                    + "broker",
            faults = Fault.ONE_WAY,
            alone = true)
    void aSilentBrokerIsNoticed(TckContext t) throws Exception {
        goesOnBesides(Fault.ONE_WAY, t);
    }

    @Rule(
            id = "NET-8",
            history = HistoryScope.TO_THE_END,
            check = "what the broker counts when a connection ends, and whether the receiver knows better: of what its"
                    + " handlers had begun, of what waited behind, and of what never reached it",
            faults = Fault.CONNECTION_RESET,
            alone = true)
    void lostConnectionsSpendNothing(TckContext t) throws Exception {
        int count = 120;
        int perCut = 10;
        Queue queue = t.queue();
        List<Message<String>> messages = Messages.spread(count, KEYS);
        t.client().provision(queue);
        t.send(t.producer(queue), messages);
        Semaphore turns = new Semaphore(0);
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> turns.acquire());
        try {
            t.openNetworkClient()
                    .consumer(queue, String.class)
                    .concurrency(3)
                    .retry(RetryPolicy.never())
                    .start(recorder);
            for (int cut = 1; cut <= CUTS; cut++) {
                int before = recorder.completed();
                turns.release(perCut);
                t.await(
                        "others are running, and none was dead-lettered",
                        () -> recorder.completed() == before + perCut && recorder.running() > 0);
                t.inject(Fault.CONNECTION_RESET);
                t.heal(Fault.CONNECTION_RESET);
            }
            turns.release(10 * count);
            t.awaitAsserted(() -> assertThat(recorder.bodies())
                    .as("handled")
                    .containsAll(messages.stream().map(Message::body).toList()));
            assertThat(recorder.calls())
                    .as("calls")
                    .extracting(Handled::attempt)
                    .containsOnly(1);
            t.held(queue.name() + "-dead", 0);
        } finally {
            turns.release(10 * count);
        }
    }

    /**
     * A producer and a consumer go on by new connections, although nothing tells them that the present ones are
     * useless.
     */
    private static void goesOnBesides(Fault fault, TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        MessagingClient client = t.openNetworkClient(builder -> {
            MessagingClient.Builder watchful = builder;
            for (Map.Entry<String, String> setting :
                    t.harness().livenessSettings().entrySet()) {
                watchful = watchful.set(setting.getKey(), setting.getValue());
            }
            return watchful;
        });
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(queue, String.class).start(recorder);
        Producer<String> producer = client.producer(
                queue,
                String.class,
                ProducerOptions.builder().sendTimeout(SEND_TIMEOUT).build());
        t.send(producer, Messages.unkeyed(10));
        t.awaitCompleted(recorder, 10);
        t.inject(fault);
        Message<String> after = Message.of("after").withId("after");
        t.awaitAsserted(() -> assertThat(producer.send(after).handle((receipt, failure) -> failure))
                .succeedsWithin(t.patience())
                .isNull());
        t.await("handled by the same consumer", () -> !recorder.callsOf("after").isEmpty());
        List<String> more = Messages.bodies(10, 40);
        for (String body : more) {
            t.awaitConfirmed(producer, Message.of(body));
        }
        t.awaitAsserted(
                () -> assertThat(recorder.bodies()).as("handled afterwards").containsAll(more));
    }
}
