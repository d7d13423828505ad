package io.anymq.spi.support;

import io.anymq.API;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were published on one channel and have no outcome yet, by their numbers. For brokers that number what they
 * are sent from 1 on and confirm one message, or all up to one. Numbers are consecutive, so a ring holds them; it grows when one
 * message stays without an answer while many behind it get theirs. Thread-safe.
 *
 * <pre>{@code
 * window.add(message, 32);
 * for (Message each : window.remove(confirm.number(), confirm.multiple())) {
 *     each.confirmed();
 * }
 * }</pre>
 *
 * @param <T> a message on its way
 */
@API(API.Status.EXPERIMENTAL)
public final class ConfirmWindow<T> {
    private @Nullable Object[] ring;
    /** The smallest number that may be outstanding; all numbers start at 1. */
    private long first = 1;
    /** The next number to be added. */
    private long next = 1;

    private int count;

    /** An empty one, with room for {@code expected} messages before it has to grow. */
    public ConfirmWindow(int expected) {
        ring = new Object[Integer.highestOneBit(Math.max(8, expected)) * 2];
    }

    /** Gives {@code entry} the next number. Returns the oldest if {@code crowd} or more are outstanding now, else null. */
    public synchronized @Nullable T add(T entry, int crowd) {
        if (next - first == ring.length) {
            grow();
        }
        ring[index(next)] = entry;
        next++;
        return ++count < crowd ? null : at(first);
    }

    private void grow() {
        Object[] larger = new Object[ring.length * 2];
        for (long number = first; number < next; number++) {
            larger[(int) (number & (larger.length - 1))] = ring[index(number)];
        }
        ring = larger;
    }

    private int index(long number) {
        return (int) (number & (ring.length - 1));
    }

    /** Takes out one, or all up to this number. */
    public synchronized List<T> remove(long number, boolean multiple) {
        if (number < first || number >= next) {
            return List.of();
        }
        if (!multiple) {
            T entry = take(number);
            skip();
            return entry == null ? List.of() : List.of(entry);
        }
        List<T> entries = new ArrayList<>((int) Math.min(count, number - first + 1));
        for (long each = first; each <= number; each++) {
            T entry = take(each);
            if (entry != null) {
                entries.add(entry);
            }
        }
        skip();
        return entries;
    }

    /** Takes out from the oldest on, while the condition holds. */
    public synchronized List<T> removeWhile(Predicate<T> condition) {
        List<T> entries = List.of();
        while (count > 0) {
            skip();
            T entry = at(first);
            if (entry == null || !condition.test(entry)) {
                break;
            }
            entries = entries.isEmpty() ? new ArrayList<>() : entries;
            entries.add(entry);
            take(first);
            skip();
        }
        return entries;
    }

    /** The oldest for which the condition holds, or null. */
    public synchronized @Nullable T find(Predicate<T> condition) {
        for (long number = first; number < next; number++) {
            T entry = at(number);
            if (entry != null && condition.test(entry)) {
                return entry;
            }
        }
        return null;
    }

    /** Takes out all. */
    public synchronized List<T> removeAll() {
        return remove(next - 1, true);
    }

    /** Whether every message has its outcome. */
    public synchronized boolean isEmpty() {
        return count == 0;
    }

    @SuppressWarnings("unchecked")
    private @Nullable T at(long number) {
        return (T) ring[index(number)];
    }

    private @Nullable T take(long number) {
        T entry = at(number);
        if (entry != null) {
            ring[index(number)] = null;
            count--;
        }
        return entry;
    }

    private void skip() {
        if (count == 0) {
            first = next;
            return;
        }
        while (ring[index(first)] == null) {
            first++;
        }
    }

    @Override
    public synchronized String toString() {
        return count + " outstanding of " + Arrays.toString(new long[] {first, next});
    }
}
