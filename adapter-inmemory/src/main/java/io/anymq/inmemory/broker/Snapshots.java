package io.anymq.inmemory.broker;

/** Copies of stored messages, safe to keep. */
final class Snapshots {
    private Snapshots() {}

    static InMemoryBroker.StoredMessage of(Entry entry, InMemoryBroker.State state) {
        return new InMemoryBroker.StoredMessage(
                entry.id,
                entry.key,
                entry.body.clone(),
                entry.contentType,
                entry.headers,
                entry.sentAtMillis,
                entry.deliverAtMillis,
                entry.attempts(),
                state);
    }
}
