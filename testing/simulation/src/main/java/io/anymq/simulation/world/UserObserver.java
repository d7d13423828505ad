package io.anymq.simulation.world;

import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.simulation.plan.UserFault.Place;

/** The application's observer: of no use, and it may fail. */
final class UserObserver implements MessagingObserver {
    private final UserCode code;

    UserObserver(UserCode code) {
        this.code = code;
    }

    private void told() {
        boolean unused = code.at(Place.OBSERVER);
    }

    @Override
    public void sendEnded(MessagingEvent.SendEnded event) {
        told();
    }

    @Override
    public void attemptEnded(MessagingEvent.AttemptEnded event) {
        told();
    }

    @Override
    public void retryScheduled(MessagingEvent.RetryScheduled event) {
        told();
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        told();
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        told();
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        told();
    }

    @Override
    public void settled(MessagingEvent.Settled event) {
        told();
    }

    @Override
    public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
        told();
    }
}
