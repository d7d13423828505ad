package io.anymq.simulation.world;

import io.anymq.simulation.plan.UserFault.Kind;
import java.io.IOException;
import java.util.SplittableRandom;

/** What the application's code throws, whether its signature allows it or not. */
final class Thrown {
    /** Like the exception of a database. */
    static final class Checked extends Exception {
        private static final long serialVersionUID = 1L;

        Checked() {
            super("thrown on purpose by the simulation", new IOException("connection reset"), false, false);
        }
    }

    /** Like an exception of a library that formats its message lazily, and wrongly. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    private Thrown() {}

    static Throwable by(Kind kind, SplittableRandom random) {
        return switch (kind) {
            case CHECKED -> new Checked();
            case ERROR ->
                switch (random.nextInt(3)) {
                    case 0 -> new StackOverflowError();
                    case 1 -> new OutOfMemoryError("thrown on purpose by the simulation");
                    default -> new NoClassDefFoundError("thrown on purpose by the simulation");
                };
            case UNREADABLE -> new Unreadable();
            default -> throw new IllegalArgumentException(kind + " throws nothing");
        };
    }

    /** As code in Kotlin, or with Lombok, throws checked exceptions. */
    static void sneakily(Throwable failure) {
        Thrown.<RuntimeException>sneak(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
