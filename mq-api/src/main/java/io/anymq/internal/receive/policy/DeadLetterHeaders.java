package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterInfo;
import io.anymq.DeadLetterReason;
import io.anymq.Limits;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.policy.Ordering;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Undecodable;
import io.anymq.spi.WireHeaders;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The headers written on a dead letter and read from it when it comes back. */
public final class DeadLetterHeaders {
    private static final int LONGEST_CLASS_NAME = 256;
    private static final int LONGEST_DETAILS = 2 * 1024;

    private static final int MOST_EARLIER = 9;

    /** What the way back needs. */
    private static final List<String> ESSENTIAL = List.of(
            WireHeaders.DEAD_SOURCE, WireHeaders.DEAD_ORDERING, WireHeaders.DEAD_REASON, WireHeaders.DEAD_STORED_AS);

    /** What an earlier dead letter said. */
    private static final List<String> STACKED = List.of(
            WireHeaders.DEAD_SOURCE,
            WireHeaders.DEAD_ORDERING,
            WireHeaders.DEAD_REASON,
            WireHeaders.DEAD_ATTEMPTS,
            WireHeaders.DEAD_FIRST_AT,
            WireHeaders.DEAD_LAST_AT,
            WireHeaders.DEAD_EXCEPTION,
            WireHeaders.DEAD_THROWN_AT,
            WireHeaders.DEAD_STORED_AS);

    /** How much a dead letter says, from all to as little as brings it back. */
    enum Size {
        FULL,
        WITHOUT_DETAILS,
        BRIEF;

        Size smaller() {
            return this == FULL ? WITHOUT_DETAILS : BRIEF;
        }
    }

    private DeadLetterHeaders() {}

    static Map<String, String> of(Task task, boolean details, long nowMillis) {
        Map<String, String> headers = pushed(task.message.headers(), task.letter == Size.BRIEF ? ESSENTIAL : STACKED);
        headers.put(WireHeaders.DEAD_REASON, String.valueOf(task.reason));
        headers.put(WireHeaders.DEAD_SOURCE, name(task.source()));
        headers.put(WireHeaders.DEAD_ORDERING, task.source().ordering().name());
        headers.put(WireHeaders.DEAD_ATTEMPTS, Integer.toString(task.attempt));
        headers.put(
                WireHeaders.DEAD_FIRST_AT,
                Long.toString(task.firstAttemptAtMillis == 0 ? nowMillis : task.firstAttemptAtMillis));
        headers.put(WireHeaders.DEAD_LAST_AT, Long.toString(nowMillis));
        Undecodable undecodable = task.message.undecodable();
        if (undecodable != null) {
            headers.put(WireHeaders.DEAD_STORED_AS, undecodable.storedAs());
        }
        Throwable failure = task.failure;
        if (failure != null && task.letter != Size.BRIEF) {
            headers.put(WireHeaders.DEAD_EXCEPTION, cut(failure.getClass().getName(), LONGEST_CLASS_NAME));
            String place = ThrownAt.of(failure);
            if (place != null) {
                headers.put(WireHeaders.DEAD_THROWN_AT, cut(place, LONGEST_CLASS_NAME));
            }
            if (details && task.letter == Size.FULL) {
                headers.put(WireHeaders.DEAD_DETAILS, cut(stackTrace(failure), LONGEST_DETAILS));
            }
        }
        return headers;
    }

    /**
     * The sender's headers, the number of redrives and the link to an original. A dead letter that fails in the
     * dead-letter queue becomes the letter of a letter: what the first one says is kept under the same names with
     * {@code -1} behind them, what that one kept with {@code -2}, and so on. Details stay behind, for their size.
     */
    private static Map<String, String> pushed(Map<String, String> received, List<String> names) {
        Map<String, String> headers = new LinkedHashMap<>();
        received.forEach((name, value) -> {
            if (!name.startsWith(Limits.RESERVED_PREFIX)
                    || name.equals(WireHeaders.REDRIVES)
                    || name.equals(WireHeaders.EDITED_FROM)) {
                headers.put(name, value);
            }
        });
        for (int level = 0; level < MOST_EARLIER && received.containsKey(at(WireHeaders.DEAD_SOURCE, level)); level++) {
            for (String name : names) {
                String value = received.get(at(name, level));
                if (value != null) {
                    headers.put(at(name, level + 1), value);
                }
            }
        }
        return headers;
    }

    /** The headers for the way back: without what the last dead letter says, so that the one before counts again. */
    public static Map<String, String> withoutLast(Map<String, String> received, long redrives, String redrive) {
        Map<String, String> headers = new LinkedHashMap<>();
        received.forEach((name, value) -> {
            if (!name.startsWith(Limits.RESERVED_PREFIX) || name.equals(WireHeaders.EDITED_FROM)) {
                headers.put(name, value);
            }
        });
        headers.put(WireHeaders.REDRIVES, Long.toString(redrives));
        headers.put(WireHeaders.REDRIVE, redrive);
        for (int level = 1; received.containsKey(at(WireHeaders.DEAD_SOURCE, level)); level++) {
            for (String name : STACKED) {
                String value = received.get(at(name, level));
                if (value != null) {
                    headers.put(at(name, level - 1), value);
                }
            }
        }
        return headers;
    }

    private static String at(String name, int level) {
        return level == 0 ? name : name + "-" + level;
    }

    /** At most {@code longest} bytes of UTF-8. */
    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        try {
            failure.printStackTrace(new PrintWriter(text));
        } catch (Throwable e) {
            // an exception that cannot describe itself is no reason to keep its message from the dead letter
            text.append(" (its description failed: ")
                    .append(e.getClass().getName())
                    .append(')');
        }
        return text.toString();
    }

    private static String cut(String text, int longest) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > longest) {
                return text.substring(0, end);
            }
            end += Character.charCount(character);
        }
        return text;
    }

    /** How a source is written in a header. */
    public static String name(Source source) {
        return (source instanceof Queue ? "queue:" : "topic:") + source.path();
    }

    private record Info(
            DeadLetterReason reason,
            Source source,
            int attempts,
            Instant firstAttemptAt,
            Instant lastAttemptAt,
            Optional<String> exceptionClass,
            Optional<String> thrownAt,
            Optional<String> exceptionDetails)
            implements DeadLetterInfo {}

    /** The headers of a letter that says this. */
    public static Map<String, String> of(DeadLetterInfo info) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(WireHeaders.DEAD_REASON, info.reason().name());
        headers.put(WireHeaders.DEAD_SOURCE, name(info.source()));
        headers.put(WireHeaders.DEAD_ORDERING, info.source().ordering().name());
        headers.put(WireHeaders.DEAD_ATTEMPTS, Integer.toString(info.attempts()));
        headers.put(
                WireHeaders.DEAD_FIRST_AT, Long.toString(info.firstAttemptAt().toEpochMilli()));
        headers.put(WireHeaders.DEAD_LAST_AT, Long.toString(info.lastAttemptAt().toEpochMilli()));
        info.exceptionClass().ifPresent(name -> headers.put(WireHeaders.DEAD_EXCEPTION, cut(name, LONGEST_CLASS_NAME)));
        info.thrownAt().ifPresent(place -> headers.put(WireHeaders.DEAD_THROWN_AT, cut(place, LONGEST_CLASS_NAME)));
        info.exceptionDetails()
                .ifPresent(details -> headers.put(WireHeaders.DEAD_DETAILS, cut(details, LONGEST_DETAILS)));
        return headers;
    }

    /** Reads the headers written by {@link #of}; empty without a readable reason and origin. */
    public static Optional<DeadLetterInfo> read(Map<String, String> headers) {
        DeadLetterReason reason = reason(headers.get(WireHeaders.DEAD_REASON));
        Source source = origin(headers);
        if (reason == null || source == null) {
            return Optional.empty();
        }
        return Optional.of(new Info(
                reason,
                source,
                (int) Math.min(Integer.MAX_VALUE, Task.headerNumber(headers, WireHeaders.DEAD_ATTEMPTS)),
                Instant.ofEpochMilli(Task.headerNumber(headers, WireHeaders.DEAD_FIRST_AT)),
                Instant.ofEpochMilli(Task.headerNumber(headers, WireHeaders.DEAD_LAST_AT)),
                Optional.ofNullable(headers.get(WireHeaders.DEAD_EXCEPTION)),
                Optional.ofNullable(headers.get(WireHeaders.DEAD_THROWN_AT)),
                Optional.ofNullable(headers.get(WireHeaders.DEAD_DETAILS))));
    }

    private static @Nullable DeadLetterReason reason(@Nullable String text) {
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            if (reason.name().equals(text)) {
                return reason;
            }
        }
        return null;
    }

    /** Where a dead letter came from; null if it carries no readable origin. */
    public static @Nullable Source origin(Map<String, String> headers) {
        String text = headers.get(WireHeaders.DEAD_SOURCE);
        if (text == null) {
            return null;
        }
        Ordering ordering = ordering(headers.get(WireHeaders.DEAD_ORDERING));
        if (text.startsWith("queue:") && Limits.isName(text.substring(6))) {
            return new Queue(text.substring(6), ordering);
        }
        int slash = text.indexOf('/');
        if (text.startsWith("topic:") && slash > 6) {
            String topic = text.substring(6, slash);
            String subscription = text.substring(slash + 1);
            if (Limits.isName(topic) && Limits.isName(subscription)) {
                return new Subscription(new Topic(topic, ordering), subscription, StartPosition.NOW);
            }
        }
        return null;
    }

    /** How the message of a dead letter was stored, if it could not be decoded; empty otherwise. */
    public static String storedAs(InboundMessage letter) {
        return letter.headers().getOrDefault(WireHeaders.DEAD_STORED_AS, "");
    }

    private static Ordering ordering(@Nullable String text) {
        for (Ordering ordering : Ordering.values()) {
            if (ordering.name().equals(text)) {
                return ordering;
            }
        }
        return Ordering.PER_KEY;
    }
}
