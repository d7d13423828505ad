package io.anymq;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which letters of a dead-letter queue are meant: those that fulfil every condition given. Immutable and thread-safe;
 * equal when all conditions are.
 *
 * <pre>{@code
 * LetterFilter.builder()
 *         .source(Queue.of("orders"))
 *         .exception("java.net.ConnectException")
 *         .failedBefore(Instant.parse("2026-03-01T00:00:00Z"))
 *         .build()
 * }</pre>
 */
@API(API.Status.EVOLVING)
public final class LetterFilter implements Predicate<DeadLetter> {
    /** Every letter. */
    public static final LetterFilter ALL = builder().build();

    private final Set<String> ids;
    private final @Nullable String source;
    private final @Nullable DeadLetterReason reason;
    private final @Nullable String exception;
    private final @Nullable String fingerprint;
    private final @Nullable String key;
    private final Map<String, String> headers;
    private final @Nullable Instant failedFrom;
    private final @Nullable Instant failedBefore;
    private final @Nullable String text;

    private LetterFilter(Builder builder) {
        this.ids = builder.ids;
        this.source = builder.source;
        this.reason = builder.reason;
        this.exception = builder.exception;
        this.fingerprint = builder.fingerprint;
        this.key = builder.key;
        this.headers = Map.copyOf(builder.headers);
        this.failedFrom = builder.failedFrom;
        this.failedBefore = builder.failedBefore;
        this.text = builder.text;
    }

    /** Without a condition. */
    public static Builder builder() {
        return new Builder();
    }

    /** Those with one of these ids. */
    public static LetterFilter ids(String... ids) {
        return builder().ids(Set.of(ids)).build();
    }

    /** Whether there is no condition. */
    public boolean isAll() {
        return conditions().isEmpty();
    }

    /** Whether {@code letter} fulfils every condition. Looks at the body only if {@link Builder#text} is given. */
    @Override
    public boolean test(DeadLetter letter) {
        return (ids.isEmpty() || ids.contains(letter.id()))
                && (key == null || key.equals(letter.key()))
                && testInfo(letter.info())
                && (fingerprint == null || fingerprint.equals(letter.fingerprint()))
                && testHeaders(letter)
                && (text == null || contains(letter, text));
    }

    private boolean testInfo(Optional<DeadLetterInfo> info) {
        if (source == null && reason == null && exception == null && failedFrom == null && failedBefore == null) {
            return true;
        }
        if (info.isEmpty()) {
            return false;
        }
        DeadLetterInfo letter = info.get();
        Instant failedAt = letter.lastAttemptAt();
        return (source == null || source.equals(described(letter.source())))
                && (reason == null || reason == letter.reason())
                && (exception == null
                        || letter.exceptionClass().filter(this::isException).isPresent())
                && (failedFrom == null || !failedAt.isBefore(failedFrom))
                && (failedBefore == null || failedAt.isBefore(failedBefore));
    }

    private boolean isException(String name) {
        return name.equals(exception) || name.endsWith("." + exception) || name.endsWith("$" + exception);
    }

    private boolean testHeaders(DeadLetter letter) {
        if (headers.isEmpty()) {
            return true;
        }
        Map<String, String> there = letter.headers();
        return headers.entrySet().stream().allMatch(wanted -> wanted.getValue().equals(there.get(wanted.getKey())));
    }

    private static boolean contains(DeadLetter letter, String wanted) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return contains(letter.id(), lower)
                || letter.headers().values().stream().anyMatch(value -> contains(value, lower))
                || contains(new String(letter.body(), StandardCharsets.UTF_8), lower);
    }

    private static boolean contains(String text, String lower) {
        return text.toLowerCase(Locale.ROOT).contains(lower);
    }

    /** Without its ordering, which two clients may declare differently. */
    private static String described(Source source) {
        return (source instanceof Queue ? "queue " : "subscription ") + source.path();
    }

    private Map<String, Object> conditions() {
        Map<String, Object> conditions = new LinkedHashMap<>();
        put(conditions, "ids", ids.isEmpty() ? null : ids);
        put(conditions, "source", source);
        put(conditions, "reason", reason);
        put(conditions, "exception", exception);
        put(conditions, "fingerprint", fingerprint);
        put(conditions, "key", key);
        put(conditions, "headers", headers.isEmpty() ? null : headers);
        put(conditions, "failedFrom", failedFrom);
        put(conditions, "failedBefore", failedBefore);
        put(conditions, "text", text);
        return conditions;
    }

    private static void put(Map<String, Object> conditions, String name, @Nullable Object value) {
        if (value != null) {
            conditions.put(name, value);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LetterFilter that && conditions().equals(that.conditions());
    }

    @Override
    public int hashCode() {
        return conditions().hashCode();
    }

    /** The names of the conditions; never their values, which may be data. */
    @Override
    public String toString() {
        return isAll()
                ? "all letters"
                : "letters by " + String.join(", ", conditions().keySet());
    }

    /** Builds {@link LetterFilter}. Not thread-safe. */
    public static final class Builder {
        private Set<String> ids = Set.of();
        private @Nullable String source;
        private @Nullable DeadLetterReason reason;
        private @Nullable String exception;
        private @Nullable String fingerprint;
        private @Nullable String key;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private @Nullable Instant failedFrom;
        private @Nullable Instant failedBefore;
        private @Nullable String text;

        private Builder() {}

        /** With one of these message ids; empty for any. */
        public Builder ids(Collection<String> ids) {
            this.ids = Set.copyOf(ids);
            return this;
        }

        /** Failed in this queue or subscription, whatever its ordering. */
        public Builder source(Source source) {
            this.source = described(source);
            return this;
        }

        /** Given up for this reason. */
        public Builder reason(DeadLetterReason reason) {
            this.reason = Objects.requireNonNull(reason, "reason");
            return this;
        }

        /** Whose last exception has this class name, with or without its package. */
        public Builder exception(String className) {
            this.exception = Objects.requireNonNull(className, "className");
            return this;
        }

        /** With this {@link DeadLetter#fingerprint()}, as a {@link DeadLetterSummary} names it. */
        public Builder fingerprint(String fingerprint) {
            this.fingerprint = Objects.requireNonNull(fingerprint, "fingerprint");
            return this;
        }

        /** With this ordering key. */
        public Builder key(String key) {
            this.key = Objects.requireNonNull(key, "key");
            return this;
        }

        /** With this header of the sender's; may be called for several. */
        public Builder header(String name, String value) {
            headers.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Given up at this time or later. */
        public Builder failedFrom(Instant from) {
            this.failedFrom = Objects.requireNonNull(from, "from");
            return this;
        }

        /** Given up before this time. */
        public Builder failedBefore(Instant before) {
            this.failedBefore = Objects.requireNonNull(before, "before");
            return this;
        }

        /** With this text in its body, read as UTF-8, in the value of a header or in its id; in any case. */
        public Builder text(String text) {
            this.text = Objects.requireNonNull(text, "text");
            return this;
        }

        /** The filter. */
        public LetterFilter build() {
            return new LetterFilter(this);
        }
    }
}
