package io.anymq.simulation.world;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The history of a run until it is over; later actions of dead processes are not recorded. */
final class Notes {
    private final HistoryRecorder recorder;
    private final Map<String, Integer> unknownDeadLetters = new HashMap<>();
    private final Map<String, String> unknownForwards = new LinkedHashMap<>();
    private boolean over;

    Notes(HistoryRecorder recorder) {
        this.recorder = recorder;
    }

    void write(Event event) {
        if (over) {
            return;
        }
        recorder.record(event);
        if (event instanceof Event.ConsumerClosed closed) {
            ended(closed.consumer());
        } else if (event instanceof Event.ConsumerCrashed crashed) {
            ended(crashed.consumer());
        }
    }

    /**
     * The confirm of a copy for a later attempt is lost. Until the consumer gives it up, which may be long after the
     * broker is well again, it will send that copy once more: a fault of its own.
     */
    void forwardLost(String client, String id) {
        String fault = "lost copy of " + id + " from " + client;
        if (unknownForwards.put(fault, client) == null) {
            write(new Event.FaultBegan(fault, client));
        }
    }

    /** The consumer sends a copy for a later attempt, perhaps again. */
    void forwarding(String client, String id) {
        String fault = "lost copy of " + id + " from " + client;
        if (unknownForwards.remove(fault) != null) {
            write(new Event.FaultHealed(fault));
        }
    }

    /** A consumer that has ended sends nothing again. */
    private void ended(String client) {
        unknownForwards.entrySet().removeIf(fault -> {
            boolean its = fault.getValue().equals(client);
            if (its) {
                write(new Event.FaultHealed(fault.getKey()));
            }
            return its;
        });
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
