package io.anymq.internal.support;

import io.anymq.Health;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, as text. */
public final class RecordingObserver implements MessagingObserver {
    /** Destination and outcome of every send. */
    public final List<String> sends = new CopyOnWriteArrayList<>();

    /** Ids of what was settled. */
    public final List<String> settled = new CopyOnWriteArrayList<>();

    /** Id, reason and queue of every dead letter. */
    public final List<String> deadLetters = new CopyOnWriteArrayList<>();

    /** Id, reason and attempts of everything that was dropped. */
    public final List<String> discarded = new CopyOnWriteArrayList<>();

    /** Ids of skipped duplicates. */
    public final List<String> duplicates = new CopyOnWriteArrayList<>();

    /** Each status of a consumer. */
    public final List<Health.Status> healths = new CopyOnWriteArrayList<>();

    /** What operators did with dead letters, and each letter that was discarded. */
    public final List<MessagingEvent> desk = new CopyOnWriteArrayList<>();

    @Override
    public void letterDiscarded(MessagingEvent.LetterDiscarded event) {
        desk.add(event);
    }

    @Override
    public void lettersHandled(MessagingEvent.LettersHandled event) {
        desk.add(event);
    }

    @Override
    public void sendEnded(MessagingEvent.SendEnded event) {
        sends.add(event.destination() + " "
                + (event.failure() == null ? "CONFIRMED" : event.failure().outcome()));
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        deadLetters.add(
                event.messageId() + " " + event.reason() + " " + event.queue().name());
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        discarded.add(event.messageId() + " " + event.reason() + " " + event.attempts());
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        duplicates.add(event.messageId());
    }

    @Override
    public void settled(MessagingEvent.Settled event) {
        settled.add(event.messageId());
    }

    @Override
    public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
        healths.add(event.health().status());
    }
}
