package io.anymq.history;

/**
 * One event with its place in time.
 *
 * @param process the process that recorded it; unique in a history
 * @param sequence counts the entries of the process upwards
 * @param at nanoseconds on the clock that all processes of the history share; never smaller than that of the entry
 *     before it in the same process
 * @param event what happened
 */
public record Entry(String process, long sequence, long at, Event event) {
    /**
     * Whether this certainly happened before {@code other}: within a process the sequence says so; between processes
     * the clocks do, if they differ by more than {@code skewNanos}. Where neither holds, the order is unknown, so two
     * entries of different processes at the same time are in no order.
     */
    public boolean isBefore(Entry other, long skewNanos) {
        return process.equals(other.process) ? sequence < other.sequence : other.at - at > skewNanos;
    }

    /** The entry as one line of a history file: control characters are escaped, so it is safe to print. */
    @Override
    public String toString() {
        return EntryCodec.format(this);
    }
}
