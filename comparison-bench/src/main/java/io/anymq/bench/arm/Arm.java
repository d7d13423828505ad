package io.anymq.bench.arm;

import org.jspecify.annotations.Nullable;

/**
 * One way to move messages from a sender to a handler, all with the same guarantees: a send is confirmed when the broker has
 * the message, a message is settled after its handler returned, messages of one key are handled one after another in the
 * order of their sends.
 *
 * <p>Life cycle: {@link #open} once, {@link #subscribe} once, then {@link #send} from one thread, then {@link #close}.
 */
public interface Arm {
    /** Connects and makes the destination. */
    void open(ArmContext context) throws Exception;

    /** Starts handling; returns when every message sent from now on will arrive. */
    void subscribe(PayloadHandler handler) throws Exception;

    /**
     * Sends. May block while the arm has no room. Reports through {@code completion} exactly once, from any thread.
     *
     * @param payload not changed afterwards
     */
    void send(String key, byte[] payload, Completion completion) throws Exception;

    /** Whether it reconnects after its broker was away; otherwise its user must open another one. */
    default boolean reconnects() {
        return false;
    }

    /** Settles what was handled and frees everything. */
    void close() throws Exception;

    /** Told how a send ended. */
    @FunctionalInterface
    interface Completion {
        /** {@code failure} is null when the send was confirmed. */
        void ended(@Nullable Throwable failure);
    }

    /** Handles one payload, on a handler thread of the arm. */
    @FunctionalInterface
    interface PayloadHandler {
        /** Returns when the work is done; what it throws is a failed attempt, which only an arm with a retry survives. */
        void handle(byte[] payload);

        /** A payload has come out of the dead-letter queue. */
        default void buried(byte[] payload) {}
    }
}
