package io.anymq.inmemory.broker;

import io.anymq.spi.OutboundMessage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One stored message of one queue, and its own node in the lane's list. Guarded by the exchange's lock but for
 * attempts.
 */
final class Entry {
    /** The approximate overhead of an entry and its bookkeeping. */
    private static final int OVERHEAD_BYTES = 128;

    private static final AtomicIntegerFieldUpdater<Entry> ATTEMPTS =
            AtomicIntegerFieldUpdater.newUpdater(Entry.class, "attempts");

    final String id;
    final @Nullable String key;
    final byte[] body;
    final String contentType;
    final Map<String, String> headers;
    final long sentAtMillis;
    final long deliverAtMillis;
    final int size;

    /** Place in the order of the queue; given when the entry joins its lane. */
    long sequence;

    @Nullable
    LaneList lane;

    @Nullable
    Entry previous;

    @Nullable
    Entry next;

    /** The hand-out that may settle this entry; null while it is ready. Its identity fences every earlier hand-out. */
    @Nullable
    Handout handout;

    /** Whether it was removed from its lane for good. */
    boolean settled;

    private volatile int attempts;

    Entry(OutboundMessage message, int size) {
        this.id = message.id();
        this.key = message.key();
        this.body = message.body();
        this.contentType = message.contentType();
        this.headers = message.headers();
        this.sentAtMillis = message.sentAtMillis();
        this.deliverAtMillis = message.deliverAtMillis();
        this.size = size;
    }

    /** The message's share of the capacity in bytes. */
    static int sizeOf(OutboundMessage message) {
        String key = message.key();
        int size = OVERHEAD_BYTES + message.body().length + message.id().length() + (key == null ? 0 : key.length());
        Map<String, String> headers = message.headers();
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                size += header.getKey().length() + header.getValue().length();
            }
        }
        return size;
    }

    int attempts() {
        return attempts;
    }

    /** One writer at a time, the handler that owns the message; ordered, so that its next receiver sees the count. */
    void attempts(int count) {
        ATTEMPTS.lazySet(this, count);
    }
}
