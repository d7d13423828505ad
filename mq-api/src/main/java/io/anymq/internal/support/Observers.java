package io.anymq.internal.support;

import io.anymq.MessagingObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every observer, and lets none of them harm the engine. */
public final class Observers {
    private static final Logger log = LoggerFactory.getLogger(Observers.class);

    private final MessagingObserver[] observers;
    private final AtomicBoolean complained = new AtomicBoolean();

    public Observers(List<MessagingObserver> observers) {
        this.observers = observers.toArray(MessagingObserver[]::new);
    }

    /** Whether anybody listens; asked first on hot paths. */
    public boolean any() {
        return observers.length > 0;
    }

    public void tell(Consumer<MessagingObserver> event) {
        for (MessagingObserver observer : observers) {
            try {
                event.accept(observer);
            } catch (RuntimeException | Error e) {
                if (complained.compareAndSet(false, true)) {
                    log.warn("an observer failed; further failures are not logged", e);
                }
            }
        }
    }
}
