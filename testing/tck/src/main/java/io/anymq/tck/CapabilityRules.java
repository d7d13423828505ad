package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.DirectAdapter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** CAP: a declared capability works, an undeclared one is refused. The other groups verify that it works. */
final class CapabilityRules {
    @Rule(id = "CAP-1", check = "capabilities() of the connection")
    void everyCapabilityIsDeclared(TckContext t) {
        var again =
                DirectAdapter.find(t.harness().url(), t.harness().settings()).capabilities();
        for (Capability capability : Capability.values()) {
            assertThat(again.of(capability))
                    .as(capability.name())
                    .isEqualTo(t.capabilities().of(capability));
        }
        assertThat(again.maxBodyBytes()).isPositive().isEqualTo(t.capabilities().maxBodyBytes());
    }

    private static void requireUnsupported(TckContext t, Set<Capability> any) {
        if (any.stream().allMatch(t.capabilities()::has)) {
            throw new NotApplicable(t.harness().name() + " declares " + any + " as there");
        }
    }

    @Rule(id = "CAP-2", check = "whether DELAY is declared UNSUPPORTED although it works in part")
    void undeclaredDelayIsRefused(TckContext t) {
        requireUnsupported(t, Set.of(Capability.DELAY));
        SendException refused =
                t.failure(t.producer(t.queue()).send(Message.of("later").withDelay(Duration.ofSeconds(1))));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
    }

    @Rule(id = "CAP-3", check = "whether an order is declared UNSUPPORTED although it works in part")
    void undeclaredOrderIsRefused(TckContext t) {
        requireUnsupported(t, Set.of(Capability.PER_KEY_ORDER, Capability.TOTAL_ORDER));
        if (!t.capabilities().has(Capability.PER_KEY_ORDER)) {
            t.refused(
                    ErrorCode.UNSUPPORTED,
                    () -> t.client().consumer(t.queue(), String.class).start(delivery -> {}));
        }
        if (!t.capabilities().has(Capability.TOTAL_ORDER)) {
            t.refused(
                    ErrorCode.UNSUPPORTED,
                    () -> t.client()
                            .consumer(t.queue().totalOrder(), String.class)
                            .start(delivery -> {}));
        }
    }

    @Rule(id = "CAP-4", check = "what provision() does with a subscription it cannot make")
    void undeclaredSubscriptionsAreRefused(TckContext t) {
        requireUnsupported(t, Set.of(Capability.TOPICS, Capability.START_EARLIEST));
        Topic topic = t.topic();
        t.refused(
                ErrorCode.UNSUPPORTED, () -> t.client().provision(topic.subscription("early", StartPosition.EARLIEST)));
        t.refused(
                ErrorCode.UNSUPPORTED,
                () -> t.client()
                        .consumer(topic.subscription("early", StartPosition.EARLIEST), String.class)
                        .start(delivery -> {}));
        if (!t.capabilities().has(Capability.TOPICS)) {
            t.refused(ErrorCode.UNSUPPORTED, () -> t.client().provision(topic.subscription("now")));
        }
    }

    @Rule(
            id = "CAP-5",
            history = HistoryScope.TO_THE_END,
            check = "whether InboundMessage.attempts() or the broker counts, and deliveryCount() tells",
            needs = Capability.DELIVERY_COUNT,
            faults = Fault.CONSUMER_CRASH)
    void crashesAreCounted(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(queue, Messages.keyed("k", "poison").withId("poison"));
        int crashes = RetryPolicy.DEFAULT.maxAttempts() - 1;
        for (int crash = 0; crash < crashes; crash++) {
            CrashableConsumer crashing = t.startCrashable(queue, 0);
            t.await("the handler runs", () -> crashing.started().contains("poison"));
            crashing.crash();
        }
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        t.client().consumer(queue, String.class).start(recorder);
        t.awaitCount(recorder, 1);
        assertThat(recorder.attemptsOf("poison").get(0))
                .as("attempt after " + crashes + " crashes")
                .isEqualTo(crashes + 1);
        assertThat(t.held(queue.name() + "-dead", 1).get(0).headers())
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, Integer.toString(crashes + 1));
        assertThat(recorder.attemptsOf("poison")).containsExactly(crashes + 1);
    }

    @Rule(id = "CAP-6", check = "whether maxBodyBytes() is what the broker really takes")
    void declaredMaximumIsKept(TckContext t) throws Exception {
        int declared = t.capabilities().maxBodyBytes();
        if (declared > 64 << 20) {
            throw new NotApplicable(t.harness().name() + " declares no maximum below 64 MiB");
        }
        Queue queue = t.queue();
        Producer<byte[]> producer = t.client()
                .producer(
                        queue,
                        byte[].class,
                        ProducerOptions.builder()
                                .maxBodyBytes(Integer.MAX_VALUE)
                                .build());
        assertThat(t.failure(producer.send(new byte[declared + 1])).code()).isEqualTo(ErrorCode.TOO_LARGE);
        byte[] largest = new byte[declared];
        for (int i = 0; i < declared; i++) {
            largest[i] = (byte) (i + (i >>> 8));
        }
        t.send(producer, List.of(Message.of(largest)));
        assertSame(t.held(queue.name(), 1).get(0).body(), largest, " that the broker holds");
        t.client().consumer(queue, byte[].class).retry(RetryPolicy.never()).start(delivery -> {
            assertSame(delivery.body(), largest, " that arrived");
            throw new RetryRules.Deliberate("as it should be");
        });
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertSame(dead.body(), largest, " of the dead letter");
        assertThat(dead.headers().get(WireHeaders.DEAD_EXCEPTION))
                .as("what the handler threw, which compares the body that it gets")
                .isEqualTo(RetryRules.Deliberate.class.getName());
    }

    /** Says where they differ: a megabyte of bytes tells a reader nothing. */
    private static void assertSame(byte[] found, byte[] sent, String of) {
        int differs = Arrays.mismatch(found, sent);
        if (differs >= 0) {
            throw new AssertionError("body" + of + ": " + sent.length + " bytes were sent; the " + found.length
                    + " bytes found differ from byte " + differs);
        }
    }

    @Rule(id = "CAP-7", check = "unwrap() of connection, sender, receiver and message")
    void foreignTypesAreNotUnwrapped(TckContext t) {
        class Foreign {} // a type that no vendor has
        Queue queue = t.queue();
        MessagingClient client = t.client();
        Map<NativeType, Class<?>> named = t.harness().nativeTypes();
        Map<NativeType, Optional<?>> given = new ConcurrentHashMap<>();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            assertThat(delivery.unwrap(Foreign.class)).isEmpty();
            given.put(NativeType.DELIVERY, delivery.unwrap(typeOf(named, NativeType.DELIVERY)));
        });
        try (var consumer = client.consumer(queue, String.class).start(recorder)) {
            Producer<String> producer = t.producer(queue);
            Receipt receipt = t.send(producer, List.of(Message.of("x"))).get(0);
            assertThat(receipt.unwrap(Foreign.class)).isEmpty();
            t.awaitCompleted(recorder, 1);
            assertThat(consumer.unwrap(Foreign.class)).isEmpty();
            assertThat(client.unwrap(Foreign.class)).isEmpty();
            assertThat(producer.unwrap(Foreign.class)).isEmpty();
            given.put(NativeType.RECEIPT, receipt.unwrap(typeOf(named, NativeType.RECEIPT)));
            given.put(NativeType.CONSUMER, consumer.unwrap(typeOf(named, NativeType.CONSUMER)));
            given.put(NativeType.CLIENT, client.unwrap(typeOf(named, NativeType.CLIENT)));
            given.put(NativeType.PRODUCER, producer.unwrap(typeOf(named, NativeType.PRODUCER)));
        }
        named.forEach((of, type) -> assertThat(given.getOrDefault(of, Optional.empty()))
                .as("the %s of a %s", type.getName(), of)
                .hasValueSatisfying(value -> assertThat(value).isInstanceOf(type)));
    }

    private static Class<?> typeOf(Map<NativeType, Class<?>> named, NativeType of) {
        return named.getOrDefault(of, CapabilityRules.class);
    }

    @Rule(
            id = "CAP-8",
            history = HistoryScope.TO_THE_END,
            check = "how the messages are counted that were in flight behind others when the consumer died",
            needs = {Capability.DELIVERY_COUNT, Capability.PER_KEY_ORDER},
            faults = Fault.CONSUMER_CRASH)
    void crashesInMidLaneAreCounted(TckContext t) throws Exception {
        int count = 20;
        String killer = Messages.body(count / 2);
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(
                t.producer(queue),
                Messages.ofKey("k", count).stream()
                        .map(message -> message.withId(message.body()))
                        .toList());
        for (int crash = 0; crash < 2; crash++) {
            t.stoppedAt(queue, new CrashStop(CrashPoint.IN_HANDLER, killer), null)
                    .crash();
        }
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).retry(CrashConsumer.stepwise()).start(recorder);
        t.awaitAsserted(() -> assertThat(recorder.ids()).contains(Messages.body(count - 1)));
        assertThat(recorder.attemptsOf(killer).get(0))
                .as("attempt after two crashes")
                .isBetween(t.capabilities().of(Capability.DELIVERY_COUNT) == Support.NATIVE ? 3 : 2, 3);
        t.held(queue.name() + "-dead", 0);
    }
}
