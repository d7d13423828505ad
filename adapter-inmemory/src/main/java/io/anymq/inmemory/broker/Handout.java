package io.anymq.inmemory.broker;

import io.anymq.spi.Lane;
import java.util.Optional;

/** One entry in the hands of one receiver, once. A later hand-out of the same entry is another object. */
final class Handout extends EntryMessage {
    final Member member;
    private final Lane lane;
    private final int deliveryCount;

    Handout(Entry entry, Member member, Lane lane) {
        super(entry);
        this.member = member;
        this.lane = lane;
        this.deliveryCount = entry.attempts() + 1;
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
