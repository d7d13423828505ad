package io.anymq.inmemory.broker;

import io.anymq.spi.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unsettled entries of one lane in their order, ready ones and handed-out ones side by side, so that handing back
 * is a mark and never a search for the old place. Guarded by the exchange's lock.
 */
final class LaneList {
    final int index;

    /** The receiver that owns this lane; always null where all receivers share it. */
    @Nullable
    Member owner;

    /** The intended owner; differs from {@link #owner} during a hand-over. */
    @Nullable
    Member heir;

    /** This period of ownership. */
    @Nullable
    Lane token;

    /** The owner is told that it loses the lane; there is no way back from here but a new period. */
    boolean surrendering;

    /** By its owner, for this period. */
    boolean paused;

    int ready;
    int handedOut;

    private @Nullable Entry head;
    private @Nullable Entry tail;

    /** No entry before this one is ready. Null when none is. */
    private @Nullable Entry cursor;

    LaneList(int index) {
        this.index = index;
    }

    @Nullable
    Entry head() {
        return head;
    }

    /** Whether the owner may be given messages. */
    boolean open() {
        return !surrendering && owner == heir && !paused;
    }

    void append(Entry entry) {
        Entry last = tail;
        entry.lane = this;
        entry.previous = last;
        if (last == null) {
            head = entry;
        } else {
            last.next = entry;
        }
        tail = entry;
        if (cursor == null) {
            cursor = entry;
        }
        ready++;
    }

    /** Hands out up to {@code max} ready entries in order and returns their size in bytes. */
    long take(int max, Member member, Lane lane, List<Handout> out) {
        int left = Math.min(max, ready);
        ready -= left;
        handedOut += left;
        long bytes = 0;
        Entry entry = cursor;
        while (left > 0 && entry != null) {
            if (entry.handout == null) {
                Handout handout = new Handout(entry, member, lane);
                entry.handout = handout;
                out.add(handout);
                bytes += entry.size;
                left--;
            }
            entry = entry.next;
        }
        cursor = ready == 0 ? null : entry;
        return bytes;
    }

    /** Permanently removes a handed-out entry. */
    void settle(Entry entry) {
        entry.handout = null;
        handedOut--;
        Entry before = entry.previous;
        Entry after = entry.next;
        if (cursor == entry) {
            cursor = after;
        }
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        entry.settled = true;
        // A dead node in the old generation would keep its live neighbours' garbage alive.
        entry.previous = null;
        entry.next = null;
    }

    /** Makes a handed-out entry ready again, at its place. */
    void handBack(Entry entry) {
        entry.handout = null;
        handedOut--;
        ready++;
        Entry first = cursor;
        if (first == null || entry.sequence < first.sequence) {
            cursor = entry;
        }
    }

    /** Makes the {@code count} entries ready again that {@code member} holds; returns their size in bytes. */
    long handBackAll(Member member, int count) {
        long bytes = 0;
        int left = count;
        for (Entry entry = head; entry != null && left > 0; entry = entry.next) {
            Handout handout = entry.handout;
            if (handout != null && handout.member == member) {
                handBack(entry);
                bytes += entry.size;
                left--;
            }
        }
        return bytes;
    }
}
