package io.anymq.inmemory.broker;

import io.anymq.spi.InboundMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every view of an entry shows alike. */
abstract class EntryMessage implements InboundMessage {
    final Entry entry;

    EntryMessage(Entry entry) {
        this.entry = entry;
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
}
