package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.Escape;
import io.anymq.Interceptor;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.TimeSource;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.LineLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer's log says of messages that fail: each failed attempt at INFO, with its stack trace at DEBUG, and each
 * message that is given up at WARN. A bounded number of lines a second; never a body or a header.
 */
public final class FailureLog {
    /** Under the name that applications see, so that one logger's level governs these lines. */
    private static final Logger log = LoggerFactory.getLogger("io.anymq.failures");

    private final List<Interceptor> interceptors;
    private final LineLimit attempts;
    private final LineLimit deadLetters;

    /** {@code interceptors}: around each line, for the trace that it belongs to. */
    public FailureLog(Source source, TimeSource time, List<Interceptor> interceptors) {
        this.interceptors = interceptors;
        this.attempts = new LineLimit(
                time, count -> log.info("{} more attempts at messages of {} failed", count, source.path()));
        this.deadLetters =
                new LineLimit(time, count -> log.warn("{} more messages of {} were given up", count, source.path()));
    }

    /** An attempt failed, and another will follow. */
    void failed(Task task, int maxAttempts, Duration delay) {
        Throwable failure = task.failure;
        if (log.isInfoEnabled() && attempts.allows()) {
            InterceptedLog.write(interceptors, task, () -> {
                log.info(
                        "Attempt {} of {} at {} failed: {}; retrying in {}",
                        task.attempt,
                        maxAttempts,
                        describe(task),
                        firstLine(failure),
                        readable(delay));
                debug(task);
            });
        }
    }

    void deadLettered(Task task, @Nullable Queue to) {
        givenUp(task, "Dead-lettered", to == null ? "" : " to " + to.name());
    }

    void discarded(Task task) {
        givenUp(task, "Discarded", " as its dead-letter policy requires");
    }

    /** The consumer stops at this message, which stays where it is. */
    void kept(Task task) {
        givenUp(task, "Kept", " at the broker, as its dead-letter policy STOP requires");
    }

    private void givenUp(Task task, String what, String where) {
        if (log.isWarnEnabled() && deadLetters.allows()) {
            DeadLetterReason reason = task.reason;
            String because = task.failure == null ? "" : ": " + firstLine(task.failure);
            InterceptedLog.write(interceptors, task, () -> {
                log.warn("{} {}{} ({}, {}{})", what, describe(task), where, reason, attempts(task.attempt), because);
                debug(task);
            });
        }
    }

    private static void debug(Task task) {
        Throwable failure = task.failure;
        if (failure != null && log.isDebugEnabled()) {
            log.debug("The failure of {}", task, Failures.printable(failure));
        }
    }

    private static String attempts(int count) {
        return count == 1 ? "1 attempt" : count + " attempts";
    }

    private static String describe(Task task) {
        String key = task.key();
        return key == null ? task.toString() : task + " with key " + Escape.forLog(key);
    }

    /** The class and the first line of the message of what a handler really threw. */
    static String firstLine(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown failure";
        }
        Throwable thrown = failure;
        while ((thrown instanceof CompletionException || thrown instanceof ExecutionException)
                && thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        String type = thrown.getClass().getName();
        try {
            String message = thrown.getMessage();
            return message == null
                    ? type
                    : type + ": " + Escape.forLog(message.lines().findFirst().orElse(""));
        } catch (Throwable broken) {
            return type + " (its getMessage() threw " + broken.getClass().getName() + ")";
        }
    }

    private static String readable(Duration delay) {
        long millis = delay.toMillis();
        return millis < 10_000 ? millis + " ms" : delay.toSeconds() + " s";
    }
}
