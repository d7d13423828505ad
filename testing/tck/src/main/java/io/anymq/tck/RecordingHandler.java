package io.anymq.tck;

import io.anymq.Delivery;
import io.anymq.Handler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records every call, then acts as the rule wants. One recorder may serve several consumers; then it sees whether
 * they overlap. Thread-safe.
 */
final class RecordingHandler<T> implements Handler<T> {
    private static final String NO_KEY = "";
    /** Of the last calls, in an error. */
    private static final int SHOWN = 10;

    private final List<Handled<T>> calls = new ArrayList<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Integer> peaks = new HashMap<>();
    private int allRunning;
    private int peak;
    private int completed;
    private volatile Handler<T> work = delivery -> {};

    RecordingHandler<T> doing(Handler<T> work) {
        this.work = work;
        return this;
    }

    @Override
    public void handle(Delivery<T> delivery) throws Exception {
        String key = delivery.key() == null ? NO_KEY : delivery.key();
        begin(delivery, key);
        try {
            work.handle(delivery);
            synchronized (this) {
                completed++;
            }
        } finally {
            synchronized (this) {
                running.merge(key, -1, Integer::sum);
                allRunning--;
            }
        }
    }

    private synchronized void begin(Delivery<T> delivery, String key) {
        calls.add(new Handled<>(
                delivery.id(),
                delivery.key(),
                delivery.body(),
                delivery.headers(),
                delivery.attempt(),
                delivery.deadLetter(),
                delivery.redrives(),
                System.nanoTime(),
                System.currentTimeMillis()));
        peaks.merge(key, running.merge(key, 1, Integer::sum), Math::max);
        allRunning++;
        peak = Math.max(peak, allRunning);
    }

    /** All calls in the order in which they began. */
    synchronized List<Handled<T>> calls() {
        return List.copyOf(calls);
    }

    synchronized int count() {
        return calls.size();
    }

    /** Calls that returned normally. */
    synchronized int completed() {
        return completed;
    }

    List<String> ids() {
        return calls().stream().map(Handled::id).toList();
    }

    List<T> bodies() {
        return calls().stream().map(Handled::body).toList();
    }

    List<T> bodiesOf(@Nullable String key) {
        return calls().stream()
                .filter(call -> java.util.Objects.equals(call.key(), key))
                .map(Handled::body)
                .toList();
    }

    List<Handled<T>> callsOf(String id) {
        return calls().stream().filter(call -> call.id().equals(id)).toList();
    }

    List<Integer> attemptsOf(String id) {
        return callsOf(id).stream().map(Handled::attempt).toList();
    }

    /** The most calls of one key that ever ran at the same time. */
    synchronized int peakOf(String key) {
        return peaks.getOrDefault(key, 0);
    }

    /** The most calls of any one key, messages without a key left out, that ever ran at the same time. */
    synchronized int peakOfAnyKey() {
        return peaks.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(NO_KEY))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    /** The most calls that ever ran at the same time. */
    synchronized int peak() {
        return peak;
    }

    synchronized int running() {
        return allRunning;
    }

    /** How many calls there were, and the last of them. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        text.append(calls.size()).append(" calls, of which ").append(completed).append(" ended well and ");
        text.append(allRunning).append(" run");
        for (int i = Math.max(0, calls.size() - SHOWN); i < calls.size(); i++) {
            Handled<T> call = calls.get(i);
            text.append(i == Math.max(0, calls.size() - SHOWN) ? "; the last: " : ", ");
            text.append(call.id()).append(" (attempt ").append(call.attempt()).append(')');
        }
        return text.toString();
    }
}
