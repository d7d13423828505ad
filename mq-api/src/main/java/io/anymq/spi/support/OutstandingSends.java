package io.anymq.spi.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * What was sent and has no outcome yet, so that a close can report it. A map would cost more than all else the adapter
 * does for a send; here an entry takes the next free slot of a ring that is never more than half full.
 *
 * <p>Thread-safe and free of locks.
 */
public final class OutstandingSends<T extends OutstandingSends.Entry> {
    /** Knows its slot. */
    public abstract static class Entry {
        private int slot;

        /** One that is in no slot yet. */
        protected Entry() {}
    }

    private final AtomicReferenceArray<T> slots;
    private final AtomicInteger next = new AtomicInteger();

    /** For at most {@code most} entries at a time. */
    public OutstandingSends(int most) {
        slots = new AtomicReferenceArray<>(Integer.highestOneBit(Math.max(8, most)) * 4);
    }

    /** False when there are far more entries than were announced. */
    public boolean add(T entry) {
        int mask = slots.length() - 1;
        for (int tries = 0; tries <= mask; tries++) {
            int slot = next.getAndIncrement() & mask;
            ((Entry) entry).slot = slot;
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, entry)) {
                return true;
            }
        }
        return false;
    }

    /** True for the one caller that takes it out. */
    public boolean remove(T entry) {
        int slot = ((Entry) entry).slot;
        return slots.get(slot) == entry && slots.compareAndSet(slot, entry, null);
    }

    /** Looks through all slots: for a close only. */
    public boolean isEmpty() {
        for (int slot = 0; slot < slots.length(); slot++) {
            if (slots.get(slot) != null) {
                return false;
            }
        }
        return true;
    }

    /** Those in it now; what comes or goes meanwhile may be missed. */
    public void forEach(Consumer<T> action) {
        for (int slot = 0; slot < slots.length(); slot++) {
            T entry = slots.get(slot);
            if (entry != null) {
                action.accept(entry);
            }
        }
    }
}
