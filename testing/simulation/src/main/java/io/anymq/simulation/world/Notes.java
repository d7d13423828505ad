package io.anymq.simulation.world;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The history of a run until it is over; later actions of dead processes are not recorded. */
final class Notes {
    private final HistoryRecorder recorder;
    private final Map<String, Integer> unknownDeadLetters = new HashMap<>();
    private boolean over;

    Notes(HistoryRecorder recorder) {
        this.recorder = recorder;
    }

    void write(Event event) {
        if (!over) {
            recorder.record(event);
        }
    }

    /** The confirm of a dead letter is lost: its copy is unknown to the consumer, and another one will follow. */
    void lost(@Nullable String deadSource, String id) {
        if (deadSource != null) {
            unknownDeadLetters.merge(deadSource.substring(deadSource.indexOf(':') + 1) + " " + id, 1, Integer::sum);
        }
    }

    /** Whether a copy that was found is one of the unknown ones; each counts once. */
    boolean isUnknown(String source, String id) {
        String copy = source + " " + id;
        return unknownDeadLetters.merge(copy, -1, Integer::sum) >= 0;
    }

    void end() {
        over = true;
    }

    static Content content(@Nullable String key, String body, Map<String, String> headers) {
        return Content.of(key, body.getBytes(StandardCharsets.UTF_8), headers);
    }
}
