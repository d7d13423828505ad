package io.anymq.tck.wrap;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.Undecodable;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes every call on. */
public class ForwardingInbound implements InboundMessage {
    private final InboundMessage original;

    /** Wraps {@code original}. */
    public ForwardingInbound(InboundMessage original) {
        this.original = original;
    }

    /** The adapter's message. */
    public final InboundMessage original() {
        return original;
    }

    @Override
    public String id() {
        return original.id();
    }

    @Override
    public @Nullable String key() {
        return original.key();
    }

    @Override
    public byte[] body() {
        return original.body();
    }

    @Override
    public int size() {
        return original.size();
    }

    @Override
    public @Nullable Undecodable undecodable() {
        return original.undecodable();
    }

    @Override
    public String contentType() {
        return original.contentType();
    }

    @Override
    public Map<String, String> headers() {
        return original.headers();
    }

    @Override
    public long sentAtMillis() {
        return original.sentAtMillis();
    }

    @Override
    public long storedAtMillis() {
        return original.storedAtMillis();
    }

    @Override
    public long expiresAtMillis() {
        return original.expiresAtMillis();
    }

    @Override
    public long deliverAtMillis() {
        return original.deliverAtMillis();
    }

    @Override
    public int deliveryCount() {
        return original.deliveryCount();
    }

    @Override
    public Lane lane() {
        return original.lane();
    }

    @Override
    public void attempts(int total) {
        original.attempts(total);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return original.unwrap(type);
    }
}
