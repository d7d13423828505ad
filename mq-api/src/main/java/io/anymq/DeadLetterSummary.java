package io.anymq;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a dead-letter queue, counted. Made by the engine. Immutable and thread-safe; maps are unmodifiable, the
 * largest count first.
 *
 * <pre>{@code
 * DeadLetterSummary summary = client.deadLetters(Queue.of("orders-dead")).summary(LetterFilter.ALL);
 * summary.byFingerprint().forEach((failure, count) -> System.out.println(count + " " + failure));
 * }</pre>
 */
@API(API.Status.EVOLVING)
public interface DeadLetterSummary {
    /** All letters that matched. */
    long count();

    /** When the first of them was given up; empty if there is none that AnyMQ dead-lettered. */
    Optional<Instant> oldest();

    /** When the last of them was given up; empty if there is none that AnyMQ dead-lettered. */
    Optional<Instant> newest();

    /** Letters that AnyMQ did not dead-letter; they are in none of the maps. */
    long foreign();

    /** Letters by the reason they were given up for. */
    Map<DeadLetterReason, Long> byReason();

    /** Letters by the queue or subscription they failed in; of at most 1,000, see {@link #ungrouped}. */
    Map<Source, Long> bySource();

    /** Letters by {@link DeadLetterInfo#fingerprint()}; of at most 1,000, see {@link #ungrouped}. */
    Map<String, Long> byFingerprint();

    /** Letters that are missing in {@link #bySource} or {@link #byFingerprint}, because these had 1,000 entries. */
    long ungrouped();
}
