package io.anymq.simulation.plan;

import java.util.List;

/**
 * Code of the application misbehaves for a while: about every second call of it.
 *
 * @param at when it begins, in microseconds since the run began
 * @param place whose code
 * @param kind what it does
 * @param millis how long it lasts; a call that blocks returns when it is over
 */
public record UserFault(long at, Place place, Kind kind, long millis) implements Operation {
    /** The application's code that the engine calls. */
    public enum Place {
        /** A handler of any kind, or the stage of an asynchronous one. */
        HANDLER(
                Kind.CHECKED,
                Kind.ERROR,
                Kind.UNREADABLE,
                Kind.NULL,
                Kind.INTERRUPT,
                Kind.BLOCK,
                Kind.STUBBORN,
                Kind.CLOSE_CONSUMER,
                Kind.CLOSE_CLIENT,
                Kind.CLOSE_TWICE),
        /** The function that names a message's idempotency key. */
        KEY_FUNCTION(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.NULL, Kind.BLOCK),
        /** A codec that encodes. */
        ENCODE(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.NULL, Kind.BLOCK),
        /** A codec that decodes. */
        DECODE(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.NULL, Kind.BLOCK),
        /** The idempotency store. */
        STORE(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.NULL, Kind.BLOCK, Kind.STUBBORN),
        /** An observer. */
        OBSERVER(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.BLOCK),
        /** An interceptor, before or after it has passed a call on. */
        INTERCEPTOR(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.NULL, Kind.BLOCK),
        /** The executor that handlers run on. */
        EXECUTOR(Kind.CHECKED, Kind.ERROR, Kind.UNREADABLE, Kind.REJECT, Kind.RUN_AND_THROW, Kind.INLINE, Kind.BLOCK),
        /** A stage of the future of a send. */
        STAGE(Kind.CHECKED, Kind.ERROR, Kind.BLOCK, Kind.SEND);

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<Kind> kinds;

        Place(Kind... kinds) {
            this.kinds = List.of(kinds);
        }

        /** What it may do. */
        public List<Kind> kinds() {
            return kinds;
        }
    }

    /** The ways to misbehave. */
    public enum Kind {
        /** Throws a checked exception that its signature does not allow. */
        CHECKED,
        /** Throws an error. */
        ERROR,
        /** Throws an exception whose message, cause and text throw. */
        UNREADABLE,
        /** Returns null, or throws where there is nothing to return. */
        NULL,
        /** Leaves its thread interrupted. */
        INTERRUPT,
        /** Blocks until it is interrupted. */
        BLOCK,
        /** Blocks and ignores interruption. */
        STUBBORN,
        /** Closes its consumer. */
        CLOSE_CONSUMER,
        /** Closes its client. */
        CLOSE_CLIENT,
        /** Closes its consumer while two other threads close the consumer and the client. */
        CLOSE_TWICE,
        /** Rejects a task, as a full pool does. */
        REJECT,
        /** Throws although it runs the task. */
        RUN_AND_THROW,
        /** Runs the task on the thread that asks. */
        INLINE,
        /** Sends a message and waits for its confirm. */
        SEND
    }
}
