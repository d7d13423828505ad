package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.tck.wrap.Tap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** SND: sending and its outcomes. */
final class SendingRules {
    private static final int SMALL = 64;
    /** Sends before and after the fault. */
    private static final int AROUND = 60;

    @Rule(
            id = "SND-1",
            check = "when confirmed() is called: after the broker's answer, or after handing over to a buffer; and how "
                    + "each field is written")
    void confirmedIsAtTheBroker(TckContext t) throws Exception {
        Queue queue = t.queue();
        Message<String> sent = Message.of("körper")
                .withId("id-" + queue.name())
                .withKey("schlüssel")
                .withHeaders(Map.of("tenant", "acme", "x-empty", ""));
        Receipt receipt = t.send(queue, sent).get(0);
        PlainMessage held = t.held(queue.name(), 1).get(0);
        assertThat(receipt.messageId()).isEqualTo(sent.id());
        assertThat(held.id()).as("id").isEqualTo(sent.id());
        assertThat(held.key()).as("key").isEqualTo("schlüssel");
        assertThat(held.body()).as("body").isEqualTo(Messages.utf8("körper"));
        assertThat(held.contentType()).as("content type").isEqualTo(Messages.TEXT);
        assertThat(held.headers()).as("headers").containsEntry("tenant", "acme").containsEntry("x-empty", "");
    }

    @Rule(id = "SND-2", check = "whether something is stored before it is refused")
    void rejectedNeverAppears(TckContext t) throws Exception {
        Queue queue = t.queue();
        ProducerOptions small = ProducerOptions.builder().maxBodyBytes(SMALL).build();
        Producer<String> producer = t.client().producer(queue, String.class, small);
        SendException tooLarge = t.failure(producer.send("x".repeat(SMALL + 1)));
        SendException contradiction =
                t.failure(producer.send(Messages.keyed("k", "late").withDelay(Duration.ofMillis(1))));
        producer.close();
        SendException closed = t.failure(producer.send("closed"));
        assertThat(List.of(tooLarge.outcome(), contradiction.outcome(), closed.outcome()))
                .containsOnly(SendException.Outcome.REJECTED);
        t.sendBodies(queue, "sentinel");
        assertThat(t.held(queue.name(), 1).get(0).body()).isEqualTo(Messages.utf8("sentinel"));
    }

    @Rule(id = "SND-3", check = "whether outcomes of a list of messages are reported message by message")
    void batchEndsMessageByMessage(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Producer<String> producer = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().maxBodyBytes(SMALL).build());
        List<Message<String>> batch = List.of(
                Message.of("first").withId("b1"),
                Message.of("x".repeat(SMALL + 1)).withId("b2"),
                Message.of("third").withId("b3"));
        List<SendResult> results = t.get(producer.sendBatch(batch));
        assertThat(results).hasSize(3);
        assertThat(results.get(0))
                .isInstanceOfSatisfying(
                        SendResult.Confirmed.class,
                        confirmed -> assertThat(confirmed.receipt().messageId()).isEqualTo("b1"));
        assertThat(results.get(1)).isInstanceOfSatisfying(SendResult.Failed.class, failed -> {
            assertThat(failed.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(failed.error().outcome()).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(failed.error().messageId()).isEqualTo("b2");
        });
        assertThat(results.get(2))
                .isInstanceOfSatisfying(
                        SendResult.Confirmed.class,
                        confirmed -> assertThat(confirmed.receipt().messageId()).isEqualTo("b3"));
        assertThat(t.held(queue.name(), 2).stream().map(PlainMessage::id)).containsExactlyInAnyOrder("b1", "b3");
        assertThat(t.get(producer.sendBatch(List.of()))).isEmpty();
    }

    @Rule(id = "SND-4", check = "whether the adapter or the vendor's client replaces the message id")
    void idIsKept(TckContext t) throws Exception {
        Queue queue = t.queue();
        Message<String> message = Message.of("twice").withId("mine");
        t.send(queue, message, message);
        assertThat(t.held(queue.name(), 2).stream().map(PlainMessage::id)).containsExactly("mine", "mine");
    }

    @Rule(id = "SND-5", check = "whether the id on the wire is the one in the receipt")
    void idIsAssigned(TckContext t) throws Exception {
        Queue queue = t.queue();
        List<String> receipts = t.send(t.producer(queue), Messages.unkeyed(50)).stream()
                .map(Receipt::messageId)
                .toList();
        assertThat(receipts).doesNotHaveDuplicates().doesNotContain("");
        assertThat(t.held(queue.name(), 50).stream().map(PlainMessage::id))
                .containsExactlyInAnyOrderElementsOf(receipts);
    }

    @Rule(id = "SND-6", check = "whether every message gets exactly one outcome, so that its room is given back")
    void windowIsBounded(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Tap tap = new Tap(queue.name());
        MessagingClient tapped = t.openClient(tap);
        Producer<String> impatient = tapped.producer(
                queue,
                String.class,
                ProducerOptions.builder()
                        .maxInFlight(3)
                        .maxBlock(Duration.ofMillis(50))
                        .build());
        tap.mode(Tap.Mode.HOLD_CONFIRMS);
        List<CompletableFuture<Receipt>> inWindow = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            inWindow.add(impatient.send(Messages.body(i)));
        }
        assertThat(impatient.inFlight()).isEqualTo(3);
        SendException full = t.failure(impatient.send("too many"));
        assertThat(full.code()).isEqualTo(ErrorCode.FULL);
        assertThat(full.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        t.awaitAsserted(
                () -> assertThat(t.plain().read(queue.name(), 3, Duration.ZERO)).hasSize(3));
        tap.mode(Tap.Mode.PASS);
        inWindow.forEach(t::get);
        t.await("room after the confirms", () -> impatient.inFlight() == 0);

        Producer<String> patient = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().maxInFlight(4).build());
        int most = 0;
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        for (int i = 3; i < 203; i++) {
            sends.add(patient.send(Messages.body(i)));
            most = Math.max(most, patient.inFlight());
        }
        sends.forEach(t::get);
        assertThat(most).as("most sends in flight").isLessThanOrEqualTo(4);
        t.held(queue.name(), 203);
    }

    @Rule(
            id = "SND-7",
            check = "how the vendor's errors are sorted into rejected() and unknown(), and whether its own retries are "
                    + "bounded by the send time-out",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void sendsEndWhenTheBrokerIsGone(TckContext t) throws Exception {
        outcomesAreTrue(t, t.client(), Fault.BROKER_DOWN);
    }

    @Rule(
            id = "SND-8",
            check = "the vendor client's request and delivery time-outs against the send time-out",
            faults = Fault.BROKER_FROZEN,
            alone = true)
    void sendsEndWhenTheBrokerIsSilent(TckContext t) throws Exception {
        outcomesAreTrue(t, t.client(), Fault.BROKER_FROZEN);
    }

    private static CompletableFuture<Receipt> timed(Producer<String> producer, String id, Map<String, Duration> times) {
        long start = System.nanoTime();
        return producer.send(Message.of(id).withId(id))
                .whenComplete((receipt, failure) -> times.put(id, Duration.ofNanos(System.nanoTime() - start)));
    }

    /** During this fault, every send ends in time, and its outcome is true afterwards. */
    static void outcomesAreTrue(TckContext t, MessagingClient client, Fault fault) throws Exception {
        Queue queue = t.queue().unordered();
        Duration sendTimeout = Duration.ofSeconds(3);
        Producer<String> producer = client.producer(
                queue,
                String.class,
                ProducerOptions.builder()
                        .sendTimeout(sendTimeout)
                        .maxBlock(Duration.ofMillis(500))
                        .build());
        t.send(producer, List.of(Message.of("before").withId("before")));
        Map<String, Duration> times = new ConcurrentHashMap<>();
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        for (int i = 0; i < AROUND / 2; i++) {
            sends.add(timed(producer, Messages.body(i), times));
        }
        t.inject(fault);
        for (int i = AROUND / 2; i < AROUND; i++) {
            sends.add(timed(producer, Messages.body(i), times));
        }
        t.await("every send has ended", () -> times.size() == AROUND);
        assertThat(times.values())
                .as("time from the call of send to its end")
                .allSatisfy(time -> assertThat(time).isLessThan(sendTimeout.plusSeconds(2)));
        t.heal(fault);
        Set<String> mustBeThere = new HashSet<>(Set.of("before"));
        Set<String> mustNotBeThere = new HashSet<>();
        for (int i = 0; i < AROUND; i++) {
            if (!sends.get(i).isCompletedExceptionally()) {
                mustBeThere.add(Messages.body(i));
            } else if (t.failure(sends.get(i)).outcome() == SendException.Outcome.REJECTED) {
                mustNotBeThere.add(Messages.body(i));
            }
        }
        if (fault == Fault.BROKER_DOWN && !t.capabilities().has(io.anymq.spi.Capability.DURABLE)) {
            mustBeThere.clear();
        }
        Message<String> after = Message.of("after").withId("after");
        t.awaitAsserted(() -> assertThat(producer.send(after).handle((receipt, failure) -> failure))
                .succeedsWithin(t.patience())
                .isNull());
        mustBeThere.add("after");
        List<PlainMessage> held = t.plain().read(queue.name(), mustBeThere.size(), t.patience());
        assertThat(held.stream().map(PlainMessage::id).toList())
                .as("what the broker holds")
                .containsAll(mustBeThere)
                .doesNotContainAnyElementsOf(mustNotBeThere.isEmpty() ? Set.of("never sent") : mustNotBeThere);
    }

    @Rule(id = "SND-9", check = "whether send() of the adapter throws, or an outcome is reported without an error")
    void failureArrivesThroughTheFuture(TckContext t) {
        Queue queue = t.queue();
        String secret = "payload-that-must-not-show-" + "x".repeat(SMALL);
        Producer<String> producer = t.client()
                .producer(
                        queue,
                        String.class,
                        ProducerOptions.builder().maxBodyBytes(SMALL).build());
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        assertThatCode(() -> sends.add(producer.send(Message.of(secret).withId("large"))))
                .doesNotThrowAnyException();
        SendException failure = t.failure(sends.get(0));
        assertThat(failure.messageId()).isEqualTo("large");
        assertThat(failure.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(failure).hasMessageNotContaining("payload-that-must-not-show");
    }

    @Rule(
            id = "SND-14",
            check =
                    "whether a repetition, an OutboundMessage of its own with an id sent before, is sent like any other")
    void failedSendIsRepeatedWithItsId(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap(queue.name());
        MessagingClient client = t.openClient(tap);
        ProducerOptions retry = ProducerOptions.builder().retry(true).build();
        Producer<String> patient = client.producer(queue, String.class, retry);
        tap.mode(Tap.Mode.REJECT);
        CompletableFuture<Receipt> rejected =
                patient.send(Messages.keyed("k", "1").withId("1"));
        CompletableFuture<Receipt> behind =
                patient.send(Messages.keyed("k", "2").withId("2"));
        t.holds("repeated while it is rejected", Duration.ofMillis(300), () -> !rejected.isDone() && !behind.isDone());
        tap.mode(Tap.Mode.PASS);
        t.get(rejected);
        t.get(behind);

        Producer<String> shortOfTime = client.producer(
                queue,
                String.class,
                retry.toBuilder().sendTimeout(Duration.ofMillis(800)).build());
        tap.mode(Tap.Mode.LOSE_CONFIRMS);
        CompletableFuture<Receipt> unknown =
                shortOfTime.send(Messages.keyed("u", "3").withId("3"));
        assertThat(t.failure(unknown).outcome()).isEqualTo(SendException.Outcome.UNKNOWN);
        tap.mode(Tap.Mode.PASS);
        assertThat(shortOfTime.blockedKeys()).containsExactly("u");
        List<String> ids = t.plain().read(queue.name(), 4, t.patience()).stream()
                .map(PlainMessage::id)
                .toList();
        // another key may be in another partition, which is read first
        assertThat(ids.stream().filter(id -> !id.equals("3")))
                .as("what the broker holds of the other key")
                .containsExactly("1", "2");
        assertThat(ids.stream().filter("3"::equals))
                .as("copies of what stayed unknown")
                .hasSizeGreaterThan(1);
    }

    @Rule(id = "SND-10", check = "whether outcomes are reported at all, and after the broker's answer")
    void flushWaitsForAll(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap(queue.name());
        Producer<String> producer = t.openClient(tap).producer(queue, String.class);
        tap.mode(Tap.Mode.HOLD_CONFIRMS);
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        for (Message<String> message : Messages.spread(20, 4)) {
            sends.add(producer.send(message));
        }
        CompletableFuture<Void> flushed = producer.flush();
        t.awaitAsserted(() ->
                assertThat(t.plain().read(queue.name(), 20, Duration.ZERO)).hasSize(20));
        assertThat(flushed).as("flush while no confirm has come").isNotDone();
        tap.mode(Tap.Mode.PASS);
        t.get(flushed);
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        t.held(queue.name(), 20);
    }

    @Rule(id = "SND-11", check = "nothing in the adapter: the engine hides a lost confirm")
    void lostConfirmIsUnknown(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap(queue.name());
        Producer<String> producer = t.openClient(tap).producer(queue, String.class);
        tap.mode(Tap.Mode.LOSE_CONFIRMS);
        SendException failure =
                t.failure(producer.send(Messages.keyed("k", "kept").withId("lost-confirm")));
        assertThat(failure.outcome()).isEqualTo(SendException.Outcome.UNKNOWN);
        assertThat(failure.messageId()).isEqualTo("lost-confirm");
        tap.mode(Tap.Mode.PASS);
        producer.resumeKey("k");
        t.send(producer, List.of(Messages.keyed("k", "kept").withId("lost-confirm")));
        assertThat(t.held(queue.name(), 2).stream().map(PlainMessage::id)).containsOnly("lost-confirm");
    }

    @Rule(id = "SND-12", check = "what the sender shares between threads")
    void manyThreadsShareAProducer(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Producer<String> producer = t.producer(queue);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int first = thread * 50;
            threads.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = first; i < first + 50; i++) {
                            producer.send(Messages.body(i))
                                    .orTimeout(t.patience().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                                    .join();
                        }
                    },
                    task -> new Thread(task, "tck-sender").start()));
        }
        threads.forEach(t::get);
        assertThat(t.held(queue.name(), 200).stream()
                        .map(message -> new String(message.body(), java.nio.charset.StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 200));
    }

    @Rule(id = "SND-13", check = "how times are written (AMQP has whole seconds), and what stands for null")
    void timeAndAbsenceArrive(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        List<Long> sentAt = new CopyOnWriteArrayList<>();
        t.client()
                .consumer(queue, String.class)
                .start(recorder.doing(delivery -> sentAt.add(delivery.sentAt().toEpochMilli())));
        long before = System.currentTimeMillis();
        // a few, so that one that happens to be sent at a whole second proves nothing
        t.send(t.producer(queue), Messages.unkeyed(20));
        long after = System.currentTimeMillis();
        t.awaitCompleted(recorder, 20);
        assertThat(sentAt).allSatisfy(millis -> assertThat(millis).isBetween(before, after));
        assertThat(recorder.calls()).allSatisfy(call -> {
            assertThat(call.key()).as("key").isNull();
            assertThat(call.headers()).as("headers").isEmpty();
        });
    }
}
