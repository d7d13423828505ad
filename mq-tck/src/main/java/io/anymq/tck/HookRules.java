package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.DeadLetterReason;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

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
}
