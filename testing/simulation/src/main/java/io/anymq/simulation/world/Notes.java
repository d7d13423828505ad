package io.anymq.simulation.world;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The history of a run until it is over; later actions of dead processes are not recorded. */
final class Notes {
    private final HistoryRecorder recorder;
    private final Map<String, Integer> unknownDeadLetters = new HashMap<>();
    private final Map<String, Lost> unknownForwards = new LinkedHashMap<>();

    /** Those whose consumer has ended: the copy and its original wait for another one. */
    private final Map<String, Lost> orphans = new LinkedHashMap<>();

    private final Map<String, String> sources = new HashMap<>();
    private boolean drained;
    private boolean over;

    /** A copy whose confirm is lost. */
    private record Lost(String client, String source, String id) {}

    Notes(HistoryRecorder recorder) {
        this.recorder = recorder;
    }

    void write(Event event) {
        if (over) {
            return;
        }
        recorder.record(event);
        if (event instanceof Event.ConsumerOpened opened) {
            sources.put(opened.consumer(), opened.source());
        } else if (event instanceof Event.ConsumerClosed closed) {
            ended(closed.consumer());
        } else if (event instanceof Event.ConsumerCrashed crashed) {
            ended(crashed.consumer());
        } else if (event instanceof Event.Settled settled) {
            heal(lost -> lost.source().equals(settled.source()) && lost.id().equals(settled.id()));
        }
    }

    /**
     * The confirm of a copy for a later attempt is lost. Until the consumer gives it up, which may be long after the
     * broker is well again, it will send that copy once more: a fault of its own.
     */
    void forwardLost(String client, String id) {
        String fault = "lost copy of " + id + " from " + client;
        Lost lost = new Lost(client, sources.getOrDefault(client, ""), id);
        if (unknownForwards.put(fault, lost) == null) {
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

    /** It sends nothing again, but what it has sent is there twice until another consumer has handled one of them. */
    private void ended(String client) {
        unknownForwards.entrySet().removeIf(fault -> {
            boolean its = fault.getValue().client().equals(client);
            if (its) {
                orphans.put(fault.getKey(), fault.getValue());
            }
            return its;
        });
        if (drained) {
            heal(lost -> true);
        }
    }

    /** Everything has been handled. */
    void drained() {
        drained = true;
        heal(lost -> true);
    }

    private void heal(Predicate<Lost> which) {
        List<String> healed = orphans.entrySet().stream()
                .filter(fault -> which.test(fault.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        healed.forEach(fault -> {
            orphans.remove(fault);
            write(new Event.FaultHealed(fault));
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
