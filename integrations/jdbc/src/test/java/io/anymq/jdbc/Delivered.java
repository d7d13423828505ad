package io.anymq.jdbc;

import io.anymq.DeadLetterInfo;
import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.Source;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A delivery for a handler that is called by the test itself. */
record Delivered<T>(String id, T body) implements Delivery<T> {
    @Override
    public String key() {
        return null;
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public Optional<DeadLetterInfo> deadLetter() {
        return Optional.empty();
    }

    @Override
    public int redrives() {
        return 0;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Source source() {
        return Queue.of("payments");
    }

    @Override
    public Instant sentAt() {
        return Instant.EPOCH;
    }

    @Override
    public String contentType() {
        return "text/plain";
    }

    @Override
    public void publish(Destination destination, Message<?> message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }
}
