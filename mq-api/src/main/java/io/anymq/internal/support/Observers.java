package io.anymq.internal.support;

import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every observer, and lets none of them harm the engine. Thread-safe. */
public final class Observers {
    private static final Logger log = LoggerFactory.getLogger(Observers.class);

    private final MessagingObserver[] observers;
    private final Set<Complaint> complaints = ConcurrentHashMap.newKeySet();

    /** An observer that has failed for this kind of event; further failures are not logged. */
    private record Complaint(int observer, Class<?> event) {}

    public Observers(List<MessagingObserver> observers) {
        this.observers = observers.toArray(MessagingObserver[]::new);
    }

    /** Whether anything listens. Ask before building an event: without observers, an event must cost nothing. */
    public boolean any() {
        return observers.length > 0;
    }

    /** Calls {@code method} of each with {@code event}, as in {@code tell(MessagingObserver::settled, event)}. */
    public <E extends MessagingEvent> void tell(BiConsumer<MessagingObserver, E> method, E event) {
        for (int i = 0; i < observers.length; i++) {
            try {
                method.accept(observers[i], event);
            } catch (Throwable e) {
                // anything at all: a checked exception thrown sneakily, too, must not reach the engine
                if (complaints.add(new Complaint(i, event.getClass()))) {
                    log.warn(
                            "Observer {} failed on {}; further failures of this kind are not logged",
                            observers[i].getClass().getName(),
                            event.getClass().getSimpleName(),
                            Failures.printable(e));
                }
            }
        }
    }
}
