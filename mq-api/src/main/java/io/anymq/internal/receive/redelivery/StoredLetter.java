package io.anymq.internal.receive.redelivery;

import io.anymq.DeadLetter;
import io.anymq.DeadLetterInfo;
import io.anymq.Escape;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.receive.policy.Task;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message of a dead-letter queue as a letter; what its headers say is read when it is asked for. */
record StoredLetter(InboundMessage message) implements DeadLetter {
    @Override
    public String id() {
        return message.id();
    }

    @Override
    public @Nullable String key() {
        return message.key();
    }

    @Override
    public byte[] body() {
        return message.body();
    }

    @Override
    public String contentType() {
        return message.contentType();
    }

    @Override
    public Map<String, String> headers() {
        return Task.withoutBookkeeping(message.headers());
    }

    @Override
    public Instant sentAt() {
        return Instant.ofEpochMilli(message.sentAtMillis());
    }

    @Override
    public Optional<DeadLetterInfo> info() {
        return DeadLetterHeaders.read(message.headers());
    }

    @Override
    public int redrives() {
        return (int) Math.min(Integer.MAX_VALUE, Task.headerNumber(message.headers(), WireHeaders.REDRIVES));
    }

    @Override
    public Optional<String> editedFrom() {
        return Optional.ofNullable(message.headers().get(WireHeaders.EDITED_FROM));
    }

    /** Never the body. */
    @Override
    public String toString() {
        return "letter " + Escape.forLog(id()) + " (" + fingerprint() + ")";
    }
}
