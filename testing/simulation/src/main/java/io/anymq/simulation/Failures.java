package io.anymq.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Exceptions as text that is the same in every JVM: only frames of AnyMQ. */
final class Failures {
    private Failures() {}

    static String describe(Throwable failure) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            for (Throwable at = failure; at != null; at = at.getCause()) {
                out.println(at);
                for (StackTraceElement frame : at.getStackTrace()) {
                    if (frame.getClassName().startsWith("io.anymq.")) {
                        out.println("    at " + frame);
                    }
                }
            }
        }
        return text.toString();
    }
}
