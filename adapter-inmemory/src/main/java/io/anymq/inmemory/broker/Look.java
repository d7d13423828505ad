package io.anymq.inmemory.broker;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look at what one queue held when it began, page by page in the order of the queue, in constant memory. Delayed
 * messages are left out. Single-threaded.
 */
final class Look implements InMemoryBroker.Browser {
    private final MessageQueue queue;
    private final ClientSession session;
    private final Lane lane;
    private final long end;

    /** The entry of each lane that was shown last; null before the first. */
    private final @Nullable Entry[] shown;

    Look(MessageQueue queue, ClientSession session) {
        this.queue = queue;
        this.session = session;
        this.lane = new Lane(queue.path);
        this.shown = new Entry[queue.lanes.length];
        this.end = queue.nextSequence();
    }

    @Override
    public List<InboundMessage> next(int max) {
        Exchange exchange = queue.exchange;
        exchange.lock();
        try {
            session.requireReachable(exchange.available);
            return page(max);
        } finally {
            exchange.unlock();
        }
    }

    private List<InboundMessage> page(int max) {
        @Nullable Entry[] next = new Entry[shown.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = after(i);
        }
        List<InboundMessage> page = new ArrayList<>();
        while (page.size() < max) {
            int first = first(next);
            Entry entry = first < 0 ? null : next[first];
            if (entry == null) {
                return page;
            }
            page.add(new Seen(entry, lane));
            shown[first] = entry;
            next[first] = withinEnd(entry.next);
        }
        return page;
    }

    /** The lane whose next entry is the oldest; −1 if there is none. */
    private static int first(@Nullable Entry[] next) {
        int first = -1;
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < next.length; i++) {
            Entry entry = next[i];
            if (entry != null && entry.sequence < oldest) {
                oldest = entry.sequence;
                first = i;
            }
        }
        return first;
    }

    /** What follows in this lane; one that was settled meanwhile has lost its neighbours. */
    private @Nullable Entry after(int laneIndex) {
        Entry last = shown[laneIndex];
        if (last == null) {
            return withinEnd(queue.lanes[laneIndex].head());
        }
        if (!last.settled) {
            return withinEnd(last.next);
        }
        Entry entry = queue.lanes[laneIndex].head();
        while (entry != null && entry.sequence <= last.sequence) {
            entry = entry.next;
        }
        return withinEnd(entry);
    }

    private @Nullable Entry withinEnd(@Nullable Entry entry) {
        return entry == null || entry.sequence >= end ? null : entry;
    }

    /** A stored message as it is seen. */
    private static final class Seen extends EntryMessage {
        private final Lane lane;

        Seen(Entry entry, Lane lane) {
            super(entry);
            this.lane = lane;
        }

        @Override
        public Lane lane() {
            return lane;
        }

        @Override
        public int deliveryCount() {
            return entry.attempts() + 1;
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }
    }
}
