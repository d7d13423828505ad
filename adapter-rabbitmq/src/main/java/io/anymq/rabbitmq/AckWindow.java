package io.anymq.rabbitmq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which delivery tags of one channel are done. Tags are consecutive from 1. What is done without a gap goes to the server
 * as one multiple acknowledgement; what is done behind a straggler waits a moment for it, then goes alone. Used by one
 * thread.
 */
final class AckWindow<T> {
    private static final byte OPEN = 0;
    private static final byte DONE = 1;
    private static final byte ACKED = 2;

    /** What goes to the server. */
    interface Acks<E extends Exception> {
        void ack(long tag, boolean multiple) throws E;
    }

    private byte[] states = new byte[256];
    private @Nullable Object[] entries = new Object[256];
    /** All below are told to the server, or stand for it in {@link #prefix}. */
    private long first = 1;
    /** The highest tag below {@link #first} that the server has not been told of, or 0. */
    private long prefix;
    /** Done but behind a gap. */
    private int waiting;

    private long highest;

    /** Came from the server. */
    void add(long tag, T entry) {
        set(tag, OPEN);
        entries[index(tag)] = entry;
        highest = Math.max(highest, tag);
    }

    /** What came and is not done, in the order of the tags. */
    @SuppressWarnings("unchecked")
    List<T> open() {
        List<T> open = new ArrayList<>();
        for (long tag = first; tag <= highest; tag++) {
            Object entry = entries[index(tag)];
            if (entry != null && states[index(tag)] == OPEN) {
                open.add((T) entry);
            }
        }
        return open;
    }

    void done(long tag) {
        if (tag < first || state(tag) != OPEN) {
            return;
        }
        set(tag, DONE);
        entries[index(tag)] = null;
        waiting++;
        highest = Math.max(highest, tag);
        while (first <= highest && state(first) != OPEN) {
            if (state(first) == DONE) {
                prefix = first;
                waiting--;
            }
            set(first, OPEN);
            first++;
        }
    }

    /** How many wait behind a gap. */
    int waiting() {
        return waiting;
    }

    boolean hasPrefix() {
        return prefix > 0;
    }

    <E extends Exception> void flushPrefix(Acks<E> acks) throws E {
        if (prefix > 0) {
            acks.ack(prefix, true);
            prefix = 0;
        }
    }

    <E extends Exception> void flushAll(Acks<E> acks) throws E {
        flushPrefix(acks);
        for (long tag = first; waiting > 0 && tag <= highest; tag++) {
            if (state(tag) == DONE) {
                acks.ack(tag, false);
                set(tag, ACKED);
                waiting--;
            }
        }
    }

    private byte state(long tag) {
        return tag - first >= states.length ? OPEN : states[index(tag)];
    }

    private void set(long tag, byte state) {
        if (tag - first >= states.length) {
            grow(tag);
        }
        states[index(tag)] = state;
    }

    private void grow(long tag) {
        int size = states.length;
        while (tag - first >= size) {
            size *= 2;
        }
        byte[] larger = new byte[size];
        Object[] moved = new Object[size];
        Arrays.fill(larger, OPEN);
        for (long each = first; each <= highest; each++) {
            larger[(int) (each & (size - 1))] = states[index(each)];
            moved[(int) (each & (size - 1))] = entries[index(each)];
        }
        states = larger;
        entries = moved;
    }

    private int index(long tag) {
        return (int) (tag & (states.length - 1));
    }
}
