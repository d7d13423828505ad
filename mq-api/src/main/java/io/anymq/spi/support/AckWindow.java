package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which deliveries of one consumer are done and when to acknowledge them. For adapters whose broker numbers what
 * it delivers and takes many acknowledgements as one (AMQP's {@code multiple}, OpenWire's ranges): each one costs the
 * server about as much as a message.
 *
 * <p>The first acknowledgement after a while goes at once. Others follow at most every 5 ms, or as soon as more than
 * {@code many} deliveries wait. Deliveries done behind a straggler wait for it up to 100 ms, then go without it.
 *
 * <p>Not thread-safe: for the receive thread. Example:
 *
 * <pre>{@code
 * window.add(delivery.number(), delivery);
 * window.done(delivery.number());
 * window.flush(System.nanoTime(), (first, last, count, all) -> channel.basicAck(last.tag(), all));
 * }</pre>
 *
 * @param <T> a delivery
 */
@API(API.Status.EXPERIMENTAL)
public final class AckWindow<T> {
    private static final long GATHER_NANOS = Duration.ofMillis(5).toNanos();
    private static final long STRAGGLER_NANOS = Duration.ofMillis(100).toNanos();

    private static final byte OPEN = 0;
    private static final byte DONE = 1;
    private static final byte TOLD = 2;

    /**
     * Tells the server that deliveries are done.
     *
     * @param <T> a delivery
     * @param <E> what telling it may fail with
     */
    @FunctionalInterface
    public interface Acks<T, E extends Exception> {
        /**
         * All from {@code first} to {@code last} are done.
         *
         * @param count how many of them the server has not been told of yet
         * @param all whether nothing before them is open, so that an acknowledgement of all up to {@code last} says it
         *     as well; otherwise all between them are not acknowledged
         */
        void ack(T first, T last, int count, boolean all) throws E;
    }

    private int many;
    private byte[] states = new byte[256];
    private @Nullable Object[] entries = new Object[256];

    /** All below are told to the server, or are in the prefix. */
    private long first = 1;

    private long highest;

    /** Deliveries done without a gap and not acknowledged yet. */
    private int prefixed;

    private @Nullable T prefixFirst;
    private @Nullable T prefixLast;

    /** Done but behind a gap. */
    private int waiting;

    private long toldAt = System.nanoTime() - GATHER_NANOS;
    private long straggler;
    private long stragglerSince;

    /**
     * A window without deliveries; their numbers are to begin with 1.
     *
     * @param many more deliveries than these do not wait for others; 0 tells each at once
     */
    public AckWindow(int many) {
        this.many = many;
    }

    /** From now on more than {@code many} do not wait for others, as for a window of another size. */
    public void many(int many) {
        this.many = many;
    }

    /** A delivery came from the server; numbers are consecutive. */
    public void add(long number, T entry) {
        set(number, OPEN);
        entries[index(number)] = entry;
        highest = Math.max(highest, number);
    }

    /** Marks a delivery as done, to be acknowledged later. Does nothing if it was marked before. */
    public void done(long number) {
        end(number, DONE);
    }

    /** The server knows that this one is done, by a transaction for example. */
    public void told(long number) {
        end(number, TOLD);
    }

    private void end(long number, byte how) {
        if (number < first || state(number) != OPEN) {
            return;
        }
        set(number, how);
        highest = Math.max(highest, number);
        if (how == DONE) {
            waiting++;
        }
        while (first <= highest && state(first) != OPEN) {
            if (state(first) == DONE) {
                T entry = entry(first);
                prefixFirst = prefixFirst == null ? entry : prefixFirst;
                prefixLast = entry;
                prefixed++;
                waiting--;
            }
            set(first, OPEN);
            entries[index(first)] = null;
            first++;
        }
    }

    /** Deliveries that are not done, in the order of their numbers. */
    public List<T> open() {
        List<T> open = new ArrayList<>();
        for (long number = first; number <= highest; number++) {
            T entry = entry(number);
            if (entry != null && state(number) == OPEN) {
                open.add(entry);
            }
        }
        return open;
    }

    /** Nanoseconds until {@link #flush} has something to do, or {@link Long#MAX_VALUE} while nothing waits. */
    public long nanosUntilDue(long now) {
        if (prefixed > 0) {
            return Math.max(0, toldAt + GATHER_NANOS - now);
        }
        return waiting > 0 ? STRAGGLER_NANOS : Long.MAX_VALUE;
    }

    /**
     * Tells the server what need not wait longer.
     *
     * @param now {@link System#nanoTime()}
     */
    public <E extends Exception> void flush(long now, Acks<? super T, E> acks) throws E {
        if (waiting > 0 && straggler != first) {
            straggler = first;
            stragglerSince = now;
        }
        if (waiting > many || (waiting > 0 && now - stragglerSince >= STRAGGLER_NANOS)) {
            flushAll(acks);
        } else if (prefixed > many || (prefixed > 0 && now - toldAt >= GATHER_NANOS)) {
            toldAt = now;
            flushPrefix(acks);
        }
    }

    /** Tells the server all that is done. */
    public <E extends Exception> void flushAll(Acks<? super T, E> acks) throws E {
        flushPrefix(acks);
        long number = first;
        while (waiting > 0 && number <= highest) {
            long end = number;
            while (end <= highest && state(end) == DONE) {
                set(end++, TOLD);
                waiting--;
            }
            if (end > number) {
                acks.ack(present(entry(number)), present(entry(end - 1)), (int) (end - number), false);
            }
            for (; number < end; number++) {
                entries[index(number)] = null;
            }
            number++;
        }
    }

    private <E extends Exception> void flushPrefix(Acks<? super T, E> acks) throws E {
        if (prefixed > 0) {
            T from = present(prefixFirst);
            T to = present(prefixLast);
            int count = prefixed;
            prefixed = 0;
            prefixFirst = null;
            prefixLast = null;
            acks.ack(from, to, count, true);
        }
    }

    private static <T> T present(@Nullable T entry) {
        if (entry == null) {
            throw new IllegalStateException("acknowledged a delivery that was never received");
        }
        return entry;
    }

    private byte state(long number) {
        return number - first >= states.length ? OPEN : states[index(number)];
    }

    private void set(long number, byte state) {
        if (number - first >= states.length) {
            grow(number);
        }
        states[index(number)] = state;
    }

    @SuppressWarnings("unchecked")
    private @Nullable T entry(long number) {
        return number - first >= entries.length ? null : (T) entries[index(number)];
    }

    private void grow(long number) {
        int size = states.length;
        while (number - first >= size) {
            size *= 2;
        }
        byte[] larger = new byte[size];
        @Nullable Object[] moved = new Object[size];
        Arrays.fill(larger, OPEN);
        for (long each = first; each <= highest; each++) {
            larger[(int) (each & (size - 1))] = states[index(each)];
            moved[(int) (each & (size - 1))] = entries[index(each)];
        }
        states = larger;
        entries = moved;
    }

    private int index(long number) {
        return (int) (number & (states.length - 1));
    }
}
