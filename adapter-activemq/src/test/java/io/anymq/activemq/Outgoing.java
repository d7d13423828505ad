package io.anymq.activemq;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A message as the engine would make it, with its outcome. */
final class Outgoing implements OutboundMessage {
    enum Outcome {
        CONFIRMED,
        REJECTED,
        UNKNOWN
    }

    record Ended(
            Outcome outcome,
            @Nullable Object receipt,
            @Nullable MessagingException error) {}

    private final String id;
    private final @Nullable String key;
    private final byte[] body;
    private final Map<String, String> headers;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    String contentType = "text/plain; charset=utf-8";
    long sentAt = System.currentTimeMillis();
    long deliverAt;
    int lane = -1;

    Outgoing(String id, @Nullable String key, byte[] body, Map<String, String> headers) {
        this.id = id;
        this.key = key;
        this.body = body;
        this.headers = headers;
    }

    static Outgoing text(String id, @Nullable String key, String body) {
        return new Outgoing(id, key, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    Ended await(Duration timeout) throws Exception {
        return ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isEnded() {
        return ended.isDone();
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
        return body;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public long sentAtMillis() {
        return sentAt;
    }

    @Override
    public long deliverAtMillis() {
        return deliverAt;
    }

    @Override
    public int lane() {
        return lane;
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        ended.complete(new Ended(Outcome.CONFIRMED, nativeReceipt, null));
    }

    @Override
    public void rejected(MessagingException error) {
        ended.complete(new Ended(Outcome.REJECTED, null, error));
    }

    @Override
    public void unknown(MessagingException error) {
        ended.complete(new Ended(Outcome.UNKNOWN, null, error));
    }
}
