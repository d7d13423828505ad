package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.tck.wrap.Tap;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** HLT: health, observers and interceptors. */
final class HealthRules {
    private static final Duration BOUND = Duration.ofSeconds(2);

    @Rule(id = "HLT-1", check = "probe() of the connection")
    void upWhileTheBrokerAnswers(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = t.client().consumer(queue, String.class).start(recorder);
        t.sendBodies(queue, "x");
        t.awaitCompleted(recorder, 1);
        long start = System.nanoTime();
        Health health = t.client().health(t.patience());
        assertThat(health.status()).as(health.detail()).isEqualTo(Health.Status.UP);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(t.patience());
        assertThat(consumer.health().status()).as(consumer.health().detail()).isEqualTo(Health.Status.UP);
        assertThat(health.detail()).isNotBlank();
    }

    @Rule(
            id = "HLT-2",
            check = "whether probe() asks the broker, within its bound, and sees it come back",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void downWhileTheBrokerIsAway(TckContext t) throws Exception {
        MessagingClient client = t.client();
        Queue queue = t.queue();
        List<Health.Status> changes = new CopyOnWriteArrayList<>();
        MessagingClient observed = t.openClient(builder -> builder.observer(new MessagingObserver() {
            @Override
            public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
                changes.add(event.health().status());
            }
        }));
        Consumer consumer = observed.consumer(queue, String.class).start(delivery -> {});
        assertThat(client.health(t.patience()).status()).isEqualTo(Health.Status.UP);
        t.inject(Fault.BROKER_DOWN);
        Set<Health.Status> seen = EnumSet.noneOf(Health.Status.class);
        t.awaitAsserted(() -> {
            seen.add(consumer.health().status());
            long start = System.nanoTime();
            assertThat(client.health(BOUND).status()).isEqualTo(Health.Status.DOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("time the probe took")
                    .isLessThan(BOUND.plusSeconds(1));
        });
        t.heal(Fault.BROKER_DOWN);
        t.awaitAsserted(() -> assertThat(client.health(BOUND).status()).isEqualTo(Health.Status.UP));
        t.awaitAsserted(() -> assertThat(consumer.health().status()).isEqualTo(Health.Status.UP));
        // a consumer of some brokers hears nothing of an outage that is short enough
        seen.remove(Health.Status.UP);
        t.awaitAsserted(() -> assertThat(changes)
                .as("changes that the observer was told")
                .containsAll(seen)
                .satisfies(told -> assertThat(told.isEmpty() ? Health.Status.UP : told.get(told.size() - 1))
                        .as("the last of them")
                        .isEqualTo(Health.Status.UP)));
    }

    @Rule(id = "HLT-3", check = "nothing in the adapter")
    void pausedIsDegraded(TckContext t) {
        Consumer consumer = t.client().consumer(t.queue(), String.class).start(delivery -> {});
        t.await("UP", () -> consumer.health().status() == Health.Status.UP);
        consumer.pause();
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(consumer.health().detail()).contains("paused");
        consumer.resume();
        t.await("UP again", () -> consumer.health().status() == Health.Status.UP);
    }

    @Rule(id = "HLT-8", check = "nothing in the adapter")
    void sendsThatNothingConfirmsAreSeen(TckContext t) {
        Queue queue = t.queue();
        Tap tap = new Tap(queue.name());
        MessagingClient client = t.openClient(tap);
        Producer<String> producer = client.producer(queue, String.class);
        t.send(producer, List.of(Message.of("confirmed")));
        assertThat(client.health(t.patience()).status()).isEqualTo(Health.Status.UP);
        tap.mode(Tap.Mode.HOLD_CONFIRMS);
        CompletableFuture<Receipt> held = producer.send("stored, and not confirmed");
        t.await("DEGRADED", () -> client.health(t.patience()).status() == Health.Status.DEGRADED);
        assertThat(client.health(t.patience()).detail()).contains(queue.name());
        assertThat(held).isNotDone();
        tap.mode(Tap.Mode.PASS);
        t.await("UP again", () -> client.health(t.patience()).status() == Health.Status.UP);
        t.await("confirmed", held::isDone);
    }

    /** Counts events by kind and message. */
    private static final class Counting implements MessagingObserver {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void sendEnded(MessagingEvent.SendEnded event) {
            told.add(
                    event.failure() == null
                            ? "sent"
                            : "send failed " + event.failure().code());
            assertThat(event.duration().isNegative()).isFalse();
        }

        @Override
        public void attemptEnded(MessagingEvent.AttemptEnded event) {
            told.add("attempt " + event.attempt() + " of " + event.messageId()
                    + (event.failure() == null ? " succeeded" : " failed"));
        }

        @Override
        public void retryScheduled(MessagingEvent.RetryScheduled event) {
            told.add("retry " + event.nextAttempt() + " of " + event.messageId());
        }

        @Override
        public void deadLettered(MessagingEvent.DeadLettered event) {
            told.add("dead " + event.messageId() + " " + event.reason() + " in "
                    + event.queue().name());
        }

        @Override
        public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
            told.add("duplicate " + event.messageId());
        }

        @Override
        public void settled(MessagingEvent.Settled event) {
            told.add("settled " + event.messageId());
        }
    }

    @Rule(id = "HLT-4", history = HistoryScope.TO_THE_END, check = "whether every message gets exactly one outcome")
    void observersAreTold(TckContext t) {
        Queue queue = t.queue();
        Counting counting = new Counting();
        MessagingClient client = t.openClient(builder -> builder.observer(counting));
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().equals("bad")) {
                throw new RetryRules.Deliberate("always");
            }
        });
        client.consumer(queue, String.class)
                .retry(io.anymq.policy.RetryPolicy.fixed(2, RetryRules.SHORT))
                .idempotency(IdempotencyPolicy.with(new TckStore()))
                .start(recorder);
        Producer<String> producer = client.producer(queue, String.class);
        t.send(
                producer,
                List.of(
                        Messages.keyed("k", "good").withId("g"),
                        Messages.keyed("k", "bad").withId("b"),
                        Messages.keyed("k", "good").withId("g"),
                        Messages.keyed("k", "last").withId("l")));
        SendException refused = t.failure(producer.send("x".repeat(2 << 20)));
        assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE);
        t.await("the last one is settled", () -> counting.told.contains("settled l"));
        assertThat(counting.told.stream().filter(what -> what.equals("sent")))
                .as("sends")
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(counting.told.stream().filter(what -> !what.equals("sent")))
                .containsExactlyInAnyOrder(
                        "send failed TOO_LARGE",
                        "attempt 1 of g succeeded",
                        "settled g",
                        "attempt 1 of b failed",
                        "retry 2 of b",
                        "attempt 2 of b failed",
                        "dead b MAX_ATTEMPTS in " + queue.name() + "-dead",
                        "settled b",
                        "duplicate g",
                        "settled g",
                        "attempt 1 of l succeeded",
                        "settled l");
    }

    @Rule(id = "HLT-5", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void throwingObserverDisturbsNothing(TckContext t) {
        Queue queue = t.queue();
        Set<String> reached = ConcurrentHashMap.newKeySet();
        MessagingClient client = t.openClient(builder -> builder.observer(new MessagingObserver() {
            @Override
            public void sendEnded(MessagingEvent.SendEnded event) {
                reached.add("sendEnded");
                throw new IllegalStateException("observer");
            }

            @Override
            public void attemptEnded(MessagingEvent.AttemptEnded event) {
                reached.add("attemptEnded");
                throw new IllegalStateException("observer");
            }

            @Override
            public void settled(MessagingEvent.Settled event) {
                reached.add("settled");
                throw new IllegalStateException("observer");
            }
        }));
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(queue, String.class).start(recorder);
        t.send(client.producer(queue, String.class), Messages.spread(10, 2));
        t.awaitCompleted(recorder, 10);
        Order.everyKeyInOrder(recorder, 10, 2);
        t.await("all three were called", () -> reached.size() == 3);
        assertThat(recorder.count()).isEqualTo(10);
    }

    /** Writes down when it is called, and adds a header. */
    private record Tracing(String name, List<String> calls) implements Interceptor {
        @Override
        public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
            if ("forbidden".equals(message.body())) {
                throw new IllegalArgumentException("not this one");
            }
            calls.add(name + " send");
            next.send(message.withHeader("trace-" + name, "yes"));
        }

        @Override
        public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
            int attempt = context.deliveries().get(0).attempt();
            calls.add(name + " before " + attempt);
            try {
                CompletionStage<?> handled = next.handle();
                calls.add(name + " after " + attempt);
                return handled;
            } catch (Exception e) {
                calls.add(name + " after " + attempt + " failed");
                throw e;
            }
        }
    }

    @Rule(id = "HLT-6", check = "whether headers arrive unchanged")
    void interceptorsRunInOrder(TckContext t) {
        Queue queue = t.queue();
        List<String> calls = new CopyOnWriteArrayList<>();
        MessagingClient client = t.openClient(
                builder -> builder.interceptor(new Tracing("a", calls)).interceptor(new Tracing("b", calls)));
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 1) {
                throw new RetryRules.Deliberate("once");
            }
        });
        Consumer consumer =
                client.consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        Producer<String> producer = client.producer(queue, String.class);
        t.send(producer, List.of(Message.of("x")));
        t.awaitCompleted(recorder, 1);
        t.await("settled", () -> consumer.inFlight() == 0);
        assertThat(calls)
                .containsExactly(
                        "a send",
                        "b send",
                        "a before 1",
                        "b before 1",
                        "b after 1 failed",
                        "a after 1 failed",
                        "a before 2",
                        "b before 2",
                        "b after 2",
                        "a after 2");
        assertThat(recorder.calls().get(0).headers()).containsKeys("trace-a", "trace-b");
        SendException refused = t.failure(producer.send("forbidden"));
        assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
    }
}
