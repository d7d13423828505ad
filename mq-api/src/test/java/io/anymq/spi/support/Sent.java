package io.anymq.spi.support;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message whose outcome is noted. */
class Sent implements OutboundMessage {
    private final String id;
    private final @Nullable String key;
    volatile @Nullable String outcome;
    volatile boolean keptBack;
    volatile int bodyBytes;

    Sent(String id) {
        this(id, null);
    }

    Sent(String id, @Nullable String key) {
        this.id = id;
        this.key = key;
    }

    @Override
    public boolean leaves() {
        return !keptBack;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public byte[] body() {
        return new byte[bodyBytes];
    }

    @Override
    public String contentType() {
        return "";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public long sentAtMillis() {
        return 0;
    }

    @Override
    public long deliverAtMillis() {
        return 0;
    }

    @Override
    public int lane() {
        return -1;
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        ended("confirmed");
    }

    @Override
    public void rejected(MessagingException error) {
        ended("rejected " + error.code());
    }

    /** The first report counts, as promised to adapters. */
    synchronized void ended(String how) {
        if (outcome == null) {
            outcome = how;
        }
    }

    @Override
    public void unknown(MessagingException error) {
        ended("unknown " + error.code());
    }
}
