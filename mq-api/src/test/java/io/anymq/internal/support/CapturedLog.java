package io.anymq.internal.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The lines that the logging backend of the tests writes to standard error meanwhile. Tests run one after another. */
public final class CapturedLog {
    private CapturedLog() {}

    /** Everything that is written while {@code action} runs. */
    public static String of(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return lines.toString(StandardCharsets.UTF_8);
    }
}
