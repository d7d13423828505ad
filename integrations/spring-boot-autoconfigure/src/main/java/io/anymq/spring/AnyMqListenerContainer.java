package io.anymq.spring;

import io.anymq.API;
import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.Source;
import java.util.Optional;

/** One listener, which can be stopped and started while the application runs. Thread-safe. */
@API(API.Status.EVOLVING)
public interface AnyMqListenerContainer {
    /** The state of a listener. */
    enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** Started; the broker could not be reached yet, and it is tried again. */
        WAITING,
        /** Receives messages, or is paused. */
        RUNNING,
        /** Stopped by its dead-letter policy or refused by the broker; {@link #health} says why. */
        FAILED
    }

    /** Its name, unique in the application. */
    String id();

    /** The queue or subscription it reads. */
    Source source();

    /** Its state now. */
    State state();

    /**
     * Starts it; nothing if it runs. Where the broker cannot be reached, it is tried again in the background.
     *
     * @throws io.anymq.MessagingException if the broker refuses it for good
     */
    void start();

    /**
     * Stops it: running handlers finish within {@code anymq.consumer.drain-timeout}, and what was not handled goes back
     * to the broker. Blocks until then; nothing if it is stopped.
     */
    void stop();

    /** Starts no more handlers until {@link #resume}; those that run finish. Kept when it is stopped and started. */
    void pause();

    /** Goes on after {@link #pause}. */
    void resume();

    /** Whether it is paused. */
    boolean isPaused();

    /** The consumer behind it; empty unless it is {@link State#RUNNING}. */
    Optional<Consumer> consumer();

    /** UP also when it is stopped, because that is what was asked for. */
    Health health();
}
