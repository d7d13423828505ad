package io.anymq.simulation;

import io.anymq.simulation.scheduler.Scheduler;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Exceptions as text that is the same in every JVM: only frames of AnyMQ. */
final class Failures {
    private Failures() {}

    static String describe(Throwable failure) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            for (Throwable at = failure; at != null; at = cause(at)) {
                out.println(Scheduler.text(at));
                for (StackTraceElement frame : at.getStackTrace()) {
                    if (frame.getClassName().startsWith("io.anymq.")) {
                        out.println("    at " + frame);
                    }
                }
            }
        }
        return text.toString();
    }

    /** Exceptions of the plan's own code may refuse to be read. */
    private static @Nullable Throwable cause(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable e) {
            return null;
        }
    }
}
