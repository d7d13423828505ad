package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Entry;
import io.anymq.history.Event;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.History;
import io.anymq.history.SendOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** A history that can be changed, for mutations; finished by {@link #history()}, which numbers it again. */
final class Draft {
    /** One event that can be moved, changed and removed. */
    static final class Line {
        final String process;
        long at;
        Event event;

        Line(String process, long at, Event event) {
            this.process = process;
            this.at = at;
            this.event = event;
        }
    }

    /** One call of a handler that has an end. */
    record Handling(Line start, Line end) {
        HandlerStarted started() {
            return (HandlerStarted) start.event;
        }

        HandlerEnded ended() {
            return (HandlerEnded) end.event;
        }
    }

    final List<Line> lines = new ArrayList<>();

    /** The original history: the place of a mutation is chosen before anything is changed. */
    private final Map<String, List<Line>> bySourceAndId = new HashMap<>();

    private final Map<String, List<Line>> sends = new HashMap<>();
    private final Map<String, List<Line>> sendEnds = new HashMap<>();
    private final List<Line> around = new ArrayList<>();
    final SplittableRandom random;

    Draft(History history, long seed) {
        history.entries().forEach(entry -> lines.add(new Line(entry.process(), entry.at(), entry.event())));
        random = new SplittableRandom(seed);
        lines.forEach(this::sort);
    }

    private void sort(Line line) {
        if (line.event instanceof Event.Sent e) {
            add(sends, e.destination() + " " + e.id(), line);
        } else if (line.event instanceof Event.SendEnded e) {
            add(sendEnds, e.destination() + " " + e.id(), line);
        } else if (idOf(line.event) != null) {
            add(bySourceAndId, sourceOf(line.event) + " " + idOf(line.event), line);
        } else {
            around.add(line);
        }
    }

    private static void add(Map<String, List<Line>> map, String name, Line line) {
        map.computeIfAbsent(name, key -> new ArrayList<>()).add(line);
    }

    History history() {
        lines.sort(Comparator.comparingLong(line -> line.at));
        Map<String, Long> sequences = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Line line : lines) {
            long sequence = sequences.merge(line.process, 1L, Long::sum);
            entries.add(new Entry(line.process, sequence, line.at, line.event));
        }
        return History.of(entries);
    }

    <E extends Event> List<Line> all(Class<E> type, Predicate<E> condition) {
        return lines.stream()
                .filter(line -> type.isInstance(line.event) && condition.test(type.cast(line.event)))
                .toList();
    }

    <T> T any(List<T> candidates) {
        return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
    }

    /** All lines that tell of this message in this source, in order. */
    List<Line> of(String source, String id) {
        return List.copyOf(bySourceAndId.getOrDefault(source + " " + id, List.of()));
    }

    void remove(List<Line> gone) {
        lines.removeAll(gone);
    }

    /** The calls of a source that ended, in the order of their starts. */
    List<Handling> handlings(String source) {
        Map<String, Line> open = new HashMap<>();
        List<Handling> handlings = new ArrayList<>();
        for (Line line : lines) {
            if (line.event instanceof HandlerStarted e && e.source().equals(source)) {
                open.put(e.consumer() + e.id() + e.attempt(), line);
            } else if (line.event instanceof HandlerEnded e && e.source().equals(source)) {
                Line start = open.remove(e.consumer() + e.id() + e.attempt());
                if (start != null) {
                    handlings.add(new Handling(start, line));
                }
            }
        }
        handlings.sort(Comparator.comparingLong(handling -> handling.start().at));
        return handlings;
    }

    /** Calls of messages that were sent once, confirmed, and came once, without anything unusual but failures. */
    List<Handling> plain(String source) {
        return handlings(source).stream()
                .filter(handling -> isPlain(source, handling.started().id()))
                .toList();
    }

    /** The same, and there was one attempt, which succeeded. */
    List<Handling> simple(String source) {
        return plain(source).stream()
                .filter(handling -> handling.ended().succeeded()
                        && starts(source, handling.started().id()) == 1)
                .toList();
    }

    long starts(String source, String id) {
        return of(source, id).stream()
                .filter(line -> line.event instanceof HandlerStarted)
                .count();
    }

    private boolean isPlain(String source, String id) {
        String destination = source.contains("/") ? source.substring(0, source.indexOf('/')) : source;
        List<Line> sends = sends(destination, id);
        if (sends.size() != 1 || !isConfirmed(destination, id)) {
            return false;
        }
        List<Line> own = of(source, id);
        long successes = own.stream()
                .filter(line -> line.event instanceof HandlerEnded e && e.succeeded())
                .count();
        boolean odd = own.stream()
                .anyMatch(line -> line.event instanceof Event.Redriven || line.event instanceof Event.DuplicateSkipped);
        long ends =
                own.stream().filter(line -> line.event instanceof HandlerEnded).count();
        return !odd && successes <= 1 && ends == starts(source, id) && isQuiet(source, first(own), last(own));
    }

    private static long first(List<Line> lines) {
        return lines.isEmpty() ? 0 : lines.get(0).at;
    }

    private static long last(List<Line> lines) {
        return lines.stream()
                .filter(line ->
                        !(line.event instanceof Event.EffectApplied) && !(line.event instanceof Event.DeadLetterFound))
                .mapToLong(line -> line.at)
                .max()
                .orElse(0);
    }

    List<Line> sends(String destination, String id) {
        return sends.getOrDefault(destination + " " + id, List.of());
    }

    List<Line> sendEnds(String destination, String id) {
        return sendEnds.getOrDefault(destination + " " + id, List.of());
    }

    private boolean isConfirmed(String destination, String id) {
        return sendEnds(destination, id).stream()
                .anyMatch(line -> ((Event.SendEnded) line.event).outcome() == SendOutcome.CONFIRMED);
    }

    /** Whether nothing befell the source in this time: no fault, crash, close or joining consumer. */
    boolean isQuiet(String source, long from, long to) {
        return isUnbroken(source, from, to)
                && around.stream()
                        .noneMatch(line -> line.at >= from
                                && line.at <= to
                                && source.equals(sourceOf(line.event))
                                && (line.event instanceof Event.ConsumerOpened
                                        || line.event instanceof Event.ConsumerClosing
                                        || line.event instanceof Event.ConsumerClosed));
    }

    /** Whether there was no fault and no crash in this time. */
    boolean isUnbroken(String source, long from, long to) {
        for (Line line : around) {
            if (line.event instanceof Event.FaultBegan fault && line.at <= to) {
                long healed = around.stream()
                        .filter(other -> other.event instanceof Event.FaultHealed e
                                && e.fault().equals(fault.fault()))
                        .mapToLong(heal -> heal.at)
                        .max()
                        .orElse(Long.MAX_VALUE);
                if (healed >= from) {
                    return false;
                }
            } else if (line.event instanceof Event.ConsumerCrashed crash
                    && crash.source().equals(source)
                    && line.at <= to
                    && lastAct(crash.consumer(), line.at) >= from) {
                return false;
            }
        }
        return true;
    }

    /** A crash is written down a little before it comes true. */
    private long lastAct(String consumer, long crash) {
        return lines.stream()
                .filter(line -> line.process.endsWith(consumer))
                .mapToLong(line -> line.at)
                .reduce(crash, Math::max);
    }

    /** A new line just after {@code line}, by the same process; the nth of several. */
    void insertAfter(Line line, int nth, Event event) {
        lines.add(lines.indexOf(line) + nth, new Line(line.process, line.at + nth, event));
    }

    static String sourceOf(Event event) {
        if (event instanceof HandlerStarted e) {
            return e.source();
        } else if (event instanceof HandlerEnded e) {
            return e.source();
        } else if (event instanceof Event.Settled e) {
            return e.source();
        } else if (event instanceof Event.OutputPublished e) {
            return e.source();
        } else if (event instanceof Event.OutputConfirmed e) {
            return e.source();
        } else if (event instanceof Event.DuplicateSkipped e) {
            return e.source();
        } else if (event instanceof Event.DeadLettered e) {
            return e.source();
        } else if (event instanceof Event.DeadLetterFound e) {
            return e.source();
        } else if (event instanceof Event.Redriven e) {
            return e.source();
        } else if (event instanceof Event.EffectApplied e) {
            return e.source();
        } else if (event instanceof Event.ConsumerCrashed e) {
            return e.source();
        } else if (event instanceof Event.ConsumerOpened e) {
            return e.source();
        } else if (event instanceof Event.ConsumerClosing e) {
            return e.source();
        } else if (event instanceof Event.ConsumerClosed e) {
            return e.source();
        } else if (event instanceof Event.BacklogSeen e) {
            return e.source();
        }
        return null;
    }

    static String idOf(Event event) {
        if (event instanceof HandlerStarted e) {
            return e.id();
        } else if (event instanceof HandlerEnded e) {
            return e.id();
        } else if (event instanceof Event.Settled e) {
            return e.id();
        } else if (event instanceof Event.OutputPublished e) {
            return e.id();
        } else if (event instanceof Event.OutputConfirmed e) {
            return e.id();
        } else if (event instanceof Event.DuplicateSkipped e) {
            return e.id();
        } else if (event instanceof Event.DeadLettered e) {
            return e.id();
        } else if (event instanceof Event.DeadLetterFound e) {
            return e.id();
        } else if (event instanceof Event.Redriven e) {
            return e.id();
        } else if (event instanceof Event.EffectApplied e) {
            return e.id();
        }
        return null;
    }

    /** The same event of another message. */
    static Event relabel(Event event, String id, Content content) {
        if (event instanceof HandlerStarted e) {
            return new HandlerStarted(e.source(), e.consumer(), id, e.attempt(), content);
        } else if (event instanceof HandlerEnded e) {
            return new HandlerEnded(e.source(), e.consumer(), id, e.attempt(), e.succeeded());
        } else if (event instanceof Event.Settled e) {
            return new Event.Settled(e.source(), e.consumer(), id);
        }
        throw new IllegalArgumentException("not relabelled: " + event);
    }
}
