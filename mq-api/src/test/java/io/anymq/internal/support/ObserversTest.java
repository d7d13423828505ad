package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserversTest {
    private static final MessagingEvent.Settled EVENT = new MessagingEvent.Settled(Queue.of("orders"), "1", null);

    @Test
    void whateverOneObserverThrowsTheOthersAreTold() {
        List<MessagingEvent> told = new ArrayList<>();
        for (Throwable failure :
                List.of(new IllegalStateException(), new AssertionError(), new IOException("sneaked in"))) {
            Observers observers = new Observers(List.of(
                    new MessagingObserver() {
                        @Override
                        public void settled(MessagingEvent.Settled event) {
                            throw Sneaky.thrown(failure);
                        }
                    },
                    new MessagingObserver() {
                        @Override
                        public void settled(MessagingEvent.Settled event) {
                            told.add(event);
                        }
                    }));
            observers.tell(MessagingObserver::settled, EVENT);
            observers.tell(MessagingObserver::settled, EVENT);
        }
        assertThat(told).hasSize(6).containsOnly(EVENT);
    }

    @Test
    void withoutObserversNothingListens() {
        assertThat(new Observers(List.of()).any()).isFalse();
    }
}
