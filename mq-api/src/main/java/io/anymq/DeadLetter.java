package io.anymq;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message in a dead-letter queue, as {@link DeadLetters#browse} shows it: a look at it, which neither takes nor
 * changes it. Made by the engine; an interface, so that tests of applications can make their own. Immutable; safe to
 * keep, and to read from one thread at a time.
 *
 * <pre>{@code
 * try (Stream<DeadLetter> letters = client.deadLetters(Queue.of("orders-dead")).browse(LetterFilter.ALL)) {
 *     letters.limit(20).forEach(letter -> System.out.println(letter.id() + " " + letter.fingerprint()));
 * }
 * }</pre>
 */
@API(API.Status.EVOLVING)
public interface DeadLetter {
    /** The message id; that of the message that failed. */
    String id();

    /** The ordering key, or null. */
    @Nullable
    String key();

    /** The encoded body, as its sender sent it; must not be changed. */
    byte[] body();

    /** The body's content type; empty if a foreign client did not set one. */
    String contentType();

    /** The sender's headers, without AnyMQ's own; unmodifiable. */
    Map<String, String> headers();

    /** When the producer sent it, in milliseconds; 1970 where a foreign client did not say. */
    Instant sentAt();

    /** Why, where, how often and when it failed; empty if AnyMQ did not dead-letter it. */
    Optional<DeadLetterInfo> info();

    /** How many times it has come back from a dead-letter queue before. */
    int redrives();

    /** The id of the letter of which this message is an edited copy; see {@link RedriveOptions.Builder#edit}. */
    Optional<String> editedFrom();

    /** {@link DeadLetterInfo#fingerprint()}; {@code "foreign"} if AnyMQ did not dead-letter it. */
    default String fingerprint() {
        return info().map(DeadLetterInfo::fingerprint).orElse("foreign");
    }
}
