package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.History;
import io.anymq.history.HistoryRecorder;
import io.anymq.history.SendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history told step by step; a millisecond passes between steps. Consumers are processes of their own. */
final class Story {
    static final String ORDERS = "orders";
    static final SourceRules RULES = SourceRules.of(Order.PER_KEY).retry(RetryRules.fixed(3, Duration.ofMillis(5)));

    private final Map<String, HistoryRecorder> recorders = new LinkedHashMap<>();
    private long now = 1_000_000_000;

    Story after(long millis) {
        now += millis * 1_000_000;
        return this;
    }

    /** The next step happens at the same time as the last one. */
    Story atOnce() {
        now -= 1_000_000;
        return this;
    }

    Story add(String process, Event event) {
        after(1);
        recorders
                .computeIfAbsent(process, name -> HistoryRecorder.inMemory(name, () -> now))
                .record(event);
        return this;
    }

    Story add(Event event) {
        return add("main", event);
    }

    static Content content(String id, String key) {
        return new Content(key, id.hashCode(), 0);
    }

    Story send(String id, String key) {
        return send(id, key, SendOutcome.CONFIRMED);
    }

    Story send(String id, String key, SendOutcome outcome) {
        add(new Event.Sent("p", ORDERS, id, content(id, key)));
        return add(new Event.SendEnded("p", ORDERS, id, outcome));
    }

    Story start(String consumer, String id, String key, int attempt) {
        return add(consumer, new Event.HandlerStarted(ORDERS, consumer, id, attempt, content(id, key)));
    }

    Story end(String consumer, String id, int attempt, boolean succeeded) {
        return add(consumer, new Event.HandlerEnded(ORDERS, consumer, id, attempt, succeeded));
    }

    Story handle(String consumer, String id, String key) {
        return start(consumer, id, key, 1).end(consumer, id, 1, true);
    }

    History history() {
        List<History> parts = new ArrayList<>();
        recorders.values().forEach(recorder -> parts.add(recorder.history()));
        return History.merge(parts);
    }

    Report check(Expectations expectations) {
        return HistoryChecker.check(history(), expectations);
    }

    /** A queue with these rules. */
    static Expectations.Builder orders(SourceRules rules) {
        return Expectations.builder().queue(ORDERS, rules);
    }

    /** The invariants that a story violates. */
    static Set<Invariant> violated(Story story, Expectations.Builder expectations) {
        return story.check(expectations.build()).having(Verdict.VIOLATED);
    }

    static Set<Invariant> violated(Story story) {
        return violated(story, orders(RULES));
    }
}
