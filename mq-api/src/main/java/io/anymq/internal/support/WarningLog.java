package io.anymq.internal.support;

import io.anymq.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Warnings of one kind that a storm would repeat for each message: ten lines a second, then the number of those that
 * were held back. Thread-safe.
 */
public final class WarningLog {
    private final Logger log;
    private final LineLimit limit;

    /** {@code kind} follows a number: {@code "messages of orders could not be delayed at the broker"}. */
    public WarningLog(Logger log, TimeSource time, String kind) {
        this.log = log;
        this.limit = new LineLimit(time, count -> log.warn("{} more {}", count, kind));
    }

    /** Writes the line, or counts it. */
    public void warn(String format, @Nullable Object... arguments) {
        if (log.isWarnEnabled() && limit.allows()) {
            log.warn(format, arguments);
        }
    }
}
