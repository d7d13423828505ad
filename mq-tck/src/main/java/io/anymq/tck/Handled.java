package io.anymq.tck;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, as a {@link RecordingHandler} saw it.
 *
 * @param id the message id
 * @param key the ordering key, or null
 * @param body the decoded body
 * @param headers the sender's headers
 * @param attempt the attempt's number
 * @param startedNanos when the call began, by {@link System#nanoTime()}
 * @param startedMillis when it began, milliseconds since 1970
 */
public record Handled<T>(
        String id,
        @Nullable String key,
        T body,
        Map<String, String> headers,
        int attempt,
        long startedNanos,
        long startedMillis) {}
