package io.anymq.internal.support;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Bounds the log lines of one kind to ten a second, so that a storm of failures writes lines per second and not per
 * message. At the end of each second it reports how many it held back. Thread-safe.
 */
public final class LineLimit {
    static final int LINES_PER_SECOND = 10;
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final TimeSource time;
    private final IntConsumer report;
    private long windowStart;
    private int lines;
    private int heldBack;

    /** {@code report} is called on the timer's thread with the number of lines held back, at least 1. */
    public LineLimit(TimeSource time, IntConsumer report) {
        this.time = time;
        this.report = report;
        this.windowStart = time.nanoTime();
    }

    /** Whether another line may be written now. */
    public boolean allows() {
        long left;
        synchronized (this) {
            long now = time.nanoTime();
            if (now - windowStart >= WINDOW_NANOS) {
                windowStart = now;
                lines = 0;
            }
            if (lines < LINES_PER_SECOND) {
                lines++;
                return true;
            }
            heldBack++;
            if (heldBack > 1) {
                return false;
            }
            left = windowStart + WINDOW_NANOS - now;
        }
        time.schedule(this::report, Duration.ofNanos(left));
        return false;
    }

    private void report() {
        int count;
        synchronized (this) {
            count = heldBack;
            heldBack = 0;
        }
        report.accept(count);
    }
}
