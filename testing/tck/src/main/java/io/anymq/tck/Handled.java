package io.anymq.tck;

import io.anymq.DeadLetterInfo;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, as a {@link RecordingHandler} saw it.
 *
 * @param id the message id
 * @param key the ordering key, or null
 * @param body the decoded body
 * @param headers the sender's headers
 * @param attempt the attempt's number
 * @param deadLetter why it is in a dead-letter queue
 * @param redrives how often it came back from one
 * @param startedNanos when the call began, by {@link System#nanoTime()}
 * @param startedMillis when it began, milliseconds since 1970
 */
public record Handled<T>(
        String id,
        @Nullable String key,
        T body,
        Map<String, String> headers,
        int attempt,
        Optional<DeadLetterInfo> deadLetter,
        int redrives,
        long startedNanos,
        long startedMillis) {}
