package io.anymq.inmemory.broker;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One entry in the hands of one receiver, once. A later hand-out of the same entry is another object. */
final class Handout implements InboundMessage {
    final Entry entry;
    final Member member;
    private final Lane lane;
    private final int deliveryCount;

    Handout(Entry entry, Member member, Lane lane) {
        this.entry = entry;
        this.member = member;
        this.lane = lane;
        this.deliveryCount = entry.attempts() + 1;
    }

    @Override
    public String id() {
        return entry.id;
    }

    @Override
    public @Nullable String key() {
        return entry.key;
    }

    @Override
    public byte[] body() {
        return entry.body;
    }

    @Override
    public int size() {
        return entry.size;
    }

    @Override
    public String contentType() {
        return entry.contentType;
    }

    @Override
    public Map<String, String> headers() {
        return entry.headers;
    }

    @Override
    public long sentAtMillis() {
        return entry.sentAtMillis;
    }

    @Override
    public long deliverAtMillis() {
        return entry.deliverAtMillis;
    }

    @Override
    public int deliveryCount() {
        return deliveryCount;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    /** Of a client that is cut off, nothing reaches the broker. */
    @Override
    public void attempts(int total) {
        if (!member.session().isIsolated()) {
            entry.attempts(total);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        if (type == InMemoryBroker.StoredMessage.class) {
            return Optional.of(type.cast(Snapshots.of(entry, InMemoryBroker.State.IN_FLIGHT)));
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "message " + io.anymq.Escape.forLog(entry.id) + " of " + lane;
    }
}
