package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.SendException;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** HKS: what surrounds messaging. */
final class HookRules {
    /** Keeps every event. */
    private static final class Events implements MessagingObserver {
        final List<MessagingEvent> told = new CopyOnWriteArrayList<>();

        <E extends MessagingEvent> List<E> of(Class<E> kind) {
            return told.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        @Override
        public void sendEnded(MessagingEvent.SendEnded event) {
            told.add(event);
        }

        @Override
        public void attemptEnded(MessagingEvent.AttemptEnded event) {
            told.add(event);
        }

        @Override
        public void retryScheduled(MessagingEvent.RetryScheduled event) {
            told.add(event);
        }

        @Override
        public void deadLettered(MessagingEvent.DeadLettered event) {
            told.add(event);
        }

        @Override
        public void discarded(MessagingEvent.Discarded event) {
            told.add(event);
        }

        @Override
        public void settled(MessagingEvent.Settled event) {
            told.add(event);
        }

        @Override
        public void redriven(MessagingEvent.Redriven event) {
            told.add(event);
        }
    }

    @Rule(id = "HKS-1", check = "whether id and key arrive unchanged, also at the dead-letter queue")
    void eventsSayWhatHappenedToWhich(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue dead = Queue.of(queue.name() + "-dead");
        Events events = new Events();
        MessagingClient client = t.openClient(builder -> builder.observer(events));
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        client.consumer(queue, String.class)
                .retry(RetryPolicy.fixed(2, RetryRules.SHORT))
                .start(recorder);
        t.send(
                client.producer(queue, String.class),
                List.of(Messages.keyed("k", "x").withId("x")));
        t.await("settled", () -> !events.of(MessagingEvent.Settled.class).isEmpty());
        assertThat(events.of(MessagingEvent.SendEnded.class))
                .filteredOn(event -> event.destination().equals(queue))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.messageId()).isEqualTo("x");
                    assertThat(event.key()).isEqualTo("k");
                    assertThat(event.duration()).isPositive();
                    assertThat(event.failure()).isNull();
                });
        assertThat(events.of(MessagingEvent.AttemptEnded.class))
                .extracting(MessagingEvent.AttemptEnded::attempt)
                .containsExactly(1, 2);
        assertThat(events.of(MessagingEvent.AttemptEnded.class)).allSatisfy(event -> {
            assertThat(event.source()).isEqualTo(queue);
            assertThat(event.key()).isEqualTo("k");
            assertThat(event.batchSize()).isEqualTo(1);
            assertThat(event.failure()).isInstanceOf(RetryRules.Deliberate.class);
        });
        assertThat(events.of(MessagingEvent.RetryScheduled.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.nextAttempt()).isEqualTo(2);
                    assertThat(event.delay()).isEqualTo(RetryRules.SHORT);
                    assertThat(event.failure()).isInstanceOf(RetryRules.Deliberate.class);
                });
        assertThat(events.of(MessagingEvent.DeadLettered.class)).singleElement().satisfies(event -> {
            assertThat(event.queue().name()).isEqualTo(dead.name());
            assertThat(event.reason()).isEqualTo(DeadLetterReason.MAX_ATTEMPTS);
            assertThat(event.attempts()).isEqualTo(2);
            assertThat(event.failure()).isInstanceOf(RetryRules.Deliberate.class);
        });
        assertThat(t.held(dead.name(), 1))
                .singleElement()
                .satisfies(held -> assertThat(held.id()).isEqualTo("x"));
        repaired.set(true);
        t.get(client.redrive(dead, RedriveOptions.builder().idle(idle(t)).build()));
        t.awaitCompleted(recorder, 1);
        assertThat(events.of(MessagingEvent.Redriven.class)).singleElement().satisfies(event -> {
            assertThat(event.deadLetter()).isEqualTo(dead);
            assertThat(event.origin()).isEqualTo(queue);
            assertThat(event.messageId()).isEqualTo("x");
            assertThat(event.key()).isEqualTo("k");
            assertThat(event.redrives()).isEqualTo(1);
        });
    }

    private static Duration idle(TckContext t) {
        return t.patience().dividedBy(4);
    }

    @Rule(id = "HKS-2", check = "nothing in the adapter")
    void discardsAreTold(TckContext t) {
        Queue queue = t.queue();
        Events events = new Events();
        MessagingClient client = t.openClient(builder -> builder.observer(events));
        client.consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new RetryRules.Deliberate("always");
                });
        t.send(
                client.producer(queue, String.class),
                List.of(Messages.keyed("k", "x").withId("x")));
        t.await("settled", () -> !events.of(MessagingEvent.Settled.class).isEmpty());
        assertThat(events.of(MessagingEvent.Discarded.class)).singleElement().satisfies(event -> {
            assertThat(event.source()).isEqualTo(queue);
            assertThat(event.messageId()).isEqualTo("x");
            assertThat(event.key()).isEqualTo("k");
            assertThat(event.reason()).isEqualTo(DeadLetterReason.MAX_ATTEMPTS);
            assertThat(event.attempts()).isEqualTo(1);
            assertThat(event.failure()).isInstanceOf(RetryRules.Deliberate.class);
        });
        assertThat(events.of(MessagingEvent.DeadLettered.class)).isEmpty();
    }

    /** Records the calls it surrounds, and adds a header with the name of the thread's innermost span. */
    private static final class Spans implements Interceptor {
        final ThreadLocal<String> current = ThreadLocal.withInitial(() -> "none");
        final List<String> sends = new CopyOnWriteArrayList<>();
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
            String id = String.valueOf(message.id());
            next.send(message.withHeader("parent", current.get()))
                    .whenComplete((receipt, failure) -> sends.add(
                            id + (failure instanceof SendException send ? " " + send.outcome() : " confirmed")));
        }

        @Override
        public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
            String ids =
                    context.deliveries().stream().map(Delivery::id).sorted().collect(Collectors.joining("+"));
            String name = ids + (context.isBatch() ? " batch" : "") + (context.isAsync() ? " async" : "");
            String before = current.get();
            current.set(ids);
            try {
                return next.handle()
                        .whenComplete((result, failure) -> calls.add(name + (failure == null ? "" : " failed")));
            } catch (Exception e) {
                calls.add(name + " failed");
                throw e;
            } finally {
                current.set(before);
            }
        }
    }

    @Rule(id = "HKS-3", check = "whether headers of outputs arrive unchanged, and outcomes are reported")
    void outputsAreInterceptedInsideTheHandler(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        Spans spans = new Spans();
        MessagingClient client = t.openClient(builder -> builder.interceptor(spans));
        client.consumer(input, String.class)
                .retry(RetryPolicy.fixed(2, RetryRules.SHORT))
                .start(delivery -> {
                    delivery.publish(output, Message.of("out").withId("out-" + delivery.attempt()));
                    if (delivery.attempt() == 1) {
                        throw new RetryRules.Deliberate("once");
                    }
                });
        t.send(client.producer(input, String.class), List.of(Message.of("in").withId("in")));
        assertThat(t.held(output.name(), 1)).singleElement().satisfies(held -> {
            assertThat(held.id()).isEqualTo("out-2");
            assertThat(held.headers()).containsEntry("parent", "in");
        });
        t.await("all outcomes", () -> spans.sends.size() == 3);
        assertThat(spans.sends).containsExactlyInAnyOrder("in confirmed", "out-1 REJECTED", "out-2 confirmed");
        assertThat(spans.calls).containsExactly("in failed", "in");
    }

    @Rule(id = "HKS-4", check = "nothing in the adapter")
    void everyKindOfHandlerIsSurrounded(TckContext t) {
        Queue async = t.queue();
        Queue batch = t.queue();
        Spans spans = new Spans();
        MessagingClient client = t.openClient(builder -> builder.interceptor(spans));
        client.consumer(async, String.class)
                .retry(RetryPolicy.never())
                .startAsync(delivery -> CompletableFuture.runAsync(() -> {
                    throw new IllegalStateException("later");
                }));
        CountDownLatch gate = t.gate();
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        client.consumer(batch, String.class).concurrency(1).startBatch(10, deliveries -> {
            t.pass(gate);
            sizes.add(deliveries.size());
            if (deliveries.size() > 1) {
                throw new RetryRules.Deliberate("not together");
            }
        });
        t.send(client.producer(async, String.class), List.of(Message.of("a").withId("a")));
        t.await("the stage has failed", () -> spans.calls.contains("a async failed"));
        t.send(
                client.producer(batch, String.class),
                List.of(
                        Messages.keyed("k", "1").withId("1"),
                        Messages.keyed("k", "2").withId("2"),
                        Messages.keyed("k", "3").withId("3")));
        gate.countDown();
        t.await("each was handled", () -> spans.calls.containsAll(List.of("1 batch", "2 batch", "3 batch")));
        assertThat(spans.calls.stream().filter(call -> call.contains("batch"))).hasSameSizeAs(sizes);
    }

    /** Fails when the handler has succeeded, like a transaction that cannot commit. */
    private static final class NoCommit implements Interceptor {
        final List<Integer> attempts = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
            CompletionStage<?> handled = next.handle();
            int attempt = context.deliveries().get(0).attempt();
            attempts.add(attempt);
            if (attempt == 1) {
                throw new RetryRules.Deliberate("cannot commit");
            }
            return handled;
        }
    }

    @Rule(id = "HKS-5", check = "nothing in the adapter")
    void interceptorMayFailTheAttempt(TckContext t) throws Exception {
        Queue input = t.queue();
        Queue output = t.queue();
        NoCommit noCommit = new NoCommit();
        MessagingClient client = t.openClient(builder -> builder.interceptor(noCommit));
        client.consumer(input, String.class)
                .retry(RetryPolicy.fixed(3, RetryRules.SHORT))
                .start(delivery -> delivery.publish(output, Message.of("out").withId("out-" + delivery.attempt())));
        t.send(client.producer(input, String.class), List.of(Message.of("in")));
        assertThat(t.held(output.name(), 1))
                .singleElement()
                .satisfies(held -> assertThat(held.id()).isEqualTo("out-2"));
        assertThat(noCommit.attempts).containsExactly(1, 2);
    }

    /** Does everything wrong that an interceptor can. */
    private static final class Wrong implements Interceptor {
        final List<String> caught = new CopyOnWriteArrayList<>();

        @Override
        @SuppressWarnings("NullAway") // on purpose
        public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) throws Exception {
            switch (String.valueOf(message.body())) {
                case "null" -> next.send(null);
                case "nothing" -> {}
                case "error" -> throw new AssertionError("an interceptor's own defect");
                case "checked" -> throw new java.io.IOException("refused");
                case "twice" -> {
                    next.send(message);
                    try {
                        next.send(message);
                    } catch (IllegalStateException e) {
                        caught.add("twice");
                    }
                }
                case "late" -> {
                    next.send(message);
                    throw new AssertionError("too late to refuse");
                }
                default -> next.send(message);
            }
        }
    }

    @Rule(id = "HKS-6", check = "nothing in the adapter")
    void wrongInterceptorsNeitherLoseNorLie(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Wrong wrong = new Wrong();
        MessagingClient client = t.openClient(builder -> builder.interceptor(wrong));
        Producer<String> producer = client.producer(queue, String.class);
        for (String body : List.of("null", "nothing", "error", "checked")) {
            SendException refused = t.failure(producer.send(body));
            assertThat(refused.outcome()).as(body).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(refused.code()).as(body).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(refused.getMessage()).as(body).contains(Wrong.class.getName());
        }
        t.send(producer, List.of(Message.of("twice"), Message.of("late")));
        assertThat(wrong.caught).containsExactly("twice");
        assertThat(t.held(queue.name(), 2).stream().map(held -> new String(held.body(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrder("twice", "late");
    }

    /** Adds a header that says where a message failed, throws after that, and notes the outcomes. */
    private static final class FailureTrace implements Interceptor {
        final List<String> outcomes = new CopyOnWriteArrayList<>();

        @Override
        public void aroundDeadLetter(DeadLetterContext context, ForwardChain next) throws RetryRules.Deliberate {
            String id = context.delivery().id();
            next.send(Map.of("failed-in", context.reason().name()))
                    .whenComplete((receipt, failure) -> outcomes.add(id + (failure == null ? " dead" : " refused")));
            throw new RetryRules.Deliberate("after the letter was sent");
        }

        @Override
        public void aroundRedrive(RedriveContext context, ForwardChain next) throws RetryRules.Deliberate {
            String id = context.messageId() + " " + context.headers().get("failed-in");
            next.send(Map.of("redrive", Long.toString(context.redrives())))
                    .whenComplete((receipt, failure) -> outcomes.add(id + (failure == null ? " back" : " refused")));
            throw new RetryRules.Deliberate("after the message was sent back");
        }
    }

    @Rule(id = "HKS-9", check = "nothing in the adapter")
    void deadLettersAndRedrivesAreSurrounded(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue dead = Queue.of(queue.name() + "-dead");
        FailureTrace trace = new FailureTrace();
        MessagingClient client = t.openClient(builder -> builder.interceptor(trace));
        AtomicBoolean repaired = new AtomicBoolean();
        List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
        client.consumer(queue, String.class).retry(RetryPolicy.never()).start(delivery -> {
            if (!repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
            headers.add(delivery.headers());
        });
        t.send(client.producer(queue, String.class), List.of(Message.of("x").withId("x")));
        assertThat(t.held(dead.name(), 1))
                .singleElement()
                .satisfies(held -> assertThat(held.headers()).containsEntry("failed-in", "MAX_ATTEMPTS"));
        repaired.set(true);
        t.get(client.redrive(dead, RedriveOptions.builder().idle(idle(t)).build()));
        t.await("the message is back", () -> !headers.isEmpty());
        assertThat(headers)
                .singleElement()
                .satisfies(found -> assertThat(found)
                        .containsEntry("failed-in", "MAX_ATTEMPTS")
                        .containsEntry("redrive", "1"));
        t.await("all outcomes", () -> trace.outcomes.size() == 2);
        assertThat(trace.outcomes).containsExactlyInAnyOrder("x dead", "x MAX_ATTEMPTS back");
    }
}
