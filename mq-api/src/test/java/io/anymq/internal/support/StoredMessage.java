package io.anymq.internal.support;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.Undecodable;
import io.anymq.spi.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One stored copy at a {@link ManualBroker}. Guarded by the broker's lock, except what never changes. */
public final class StoredMessage {
    private final WireMessage message;
    private final int stream;
    private final long storedAt;

    /** Attempts that were announced for this copy. */
    private final AtomicInteger attempts = new AtomicInteger();

    private volatile long expiresAt;

    /** The delivery that is not settled, or null. */
    @Nullable
    Delivered holder;

    StoredMessage(WireMessage message, int stream, long storedAt) {
        this.message = new Copy(
                message.id(),
                message.key(),
                message.body(),
                message.contentType(),
                Map.copyOf(message.headers()),
                message.sentAtMillis(),
                message.deliverAtMillis(),
                message.lane(),
                message.storedAs());
        this.stream = stream;
        this.storedAt = storedAt;
    }

    /** A message as a plain client would send it. */
    public static WireMessage text(String id, @Nullable String key, String text, Map<String, String> headers) {
        return new Copy(
                id,
                key,
                text.getBytes(StandardCharsets.UTF_8),
                "text/plain; charset=utf-8",
                Map.copyOf(headers),
                0,
                0,
                -1,
                "");
    }

    /** The same, in a form that the adapter cannot decode. */
    public static WireMessage broken(WireMessage message, String storedAs) {
        return new Copy(
                message.id(),
                message.key(),
                message.body(),
                message.contentType(),
                message.headers(),
                message.sentAtMillis(),
                message.deliverAtMillis(),
                message.lane(),
                storedAs);
    }

    public String id() {
        return message.id();
    }

    /** Empty for an ordinary message. */
    public String storedAs() {
        return message.storedAs();
    }

    public @Nullable String key() {
        return message.key();
    }

    public byte[] body() {
        return message.body();
    }

    public String contentType() {
        return message.contentType();
    }

    public Map<String, String> headers() {
        return message.headers();
    }

    public long sentAtMillis() {
        return message.sentAtMillis();
    }

    public long deliverAtMillis() {
        return message.deliverAtMillis();
    }

    /** The stream it is in: of a redelivery address the lane, else chosen by its key. */
    public int stream() {
        return stream;
    }

    /** Attempts that were announced for this copy and not taken back. */
    public int attempts() {
        return attempts.get();
    }

    /** When it is of no use any more, milliseconds since 1970; 0 for never. */
    public StoredMessage expiringAt(long millis) {
        expiresAt = millis;
        return this;
    }

    /** Pretends that processes that died had made so many attempts. */
    public StoredMessage withAttempts(int made) {
        attempts.set(made);
        return this;
    }

    @Override
    public String toString() {
        return id();
    }

    /** The data apart from its sender, which may drop the body once it has been told. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Copy(
            String id,
            @Nullable String key,
            byte[] body,
            String contentType,
            Map<String, String> headers,
            long sentAtMillis,
            long deliverAtMillis,
            int lane,
            String storedAs)
            implements WireMessage {}

    /** One delivery of it: belongs to one lane for good. */
    static final class Delivered implements InboundMessage {
        final StoredMessage stored;
        private final Lane lane;
        private final int deliveryCount;

        Delivered(StoredMessage stored, Lane lane) {
            this.stored = stored;
            this.lane = lane;
            this.deliveryCount = stored.attempts() + 1;
        }

        @Override
        public String id() {
            return stored.id();
        }

        @Override
        public @Nullable String key() {
            return stored.key();
        }

        @Override
        public byte[] body() {
            return stored.body();
        }

        @Override
        public @Nullable Undecodable undecodable() {
            return stored.storedAs().isEmpty()
                    ? null
                    : new Undecodable(
                            stored.storedAs(), new MessagingException(ErrorCode.DECODING, "broken as it is stored"));
        }

        @Override
        public String contentType() {
            return stored.contentType();
        }

        @Override
        public Map<String, String> headers() {
            return stored.headers();
        }

        @Override
        public long sentAtMillis() {
            return stored.sentAtMillis();
        }

        @Override
        public long storedAtMillis() {
            return stored.storedAt;
        }

        @Override
        public long deliverAtMillis() {
            return stored.deliverAtMillis();
        }

        @Override
        public long expiresAtMillis() {
            return stored.expiresAt;
        }

        @Override
        public int deliveryCount() {
            return deliveryCount;
        }

        @Override
        public Lane lane() {
            return lane;
        }

        @Override
        public void attempts(int total) {
            stored.attempts.set(total);
        }

        @Override
        public String toString() {
            return "delivery of " + stored;
        }
    }
}
