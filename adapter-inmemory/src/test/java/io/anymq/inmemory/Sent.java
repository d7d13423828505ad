package io.anymq.inmemory;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A message on its way out, with the outcome it was given. A second outcome is a failure of the test. */
public final class Sent implements OutboundMessage {
    /** The outcome. */
    public enum Outcome {
        /** The broker has it. */
        CONFIRMED,
        /** The broker has it not. */
        REJECTED,
        /** Unknown to the client. */
        UNKNOWN
    }

    private final String id;
    private final @Nullable String key;
    private final byte[] body;
    private final Map<String, String> headers;
    private final long deliverAtMillis;
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable MessagingException error;
    private volatile boolean twice;

    Sent(String id, @Nullable String key, byte[] body, Map<String, String> headers, long deliverAtMillis) {
        this.id = id;
        this.key = key;
        this.body = body;
        this.headers = headers;
        this.deliverAtMillis = deliverAtMillis;
    }

    /** One without a key, whose body is its id. */
    public static Sent of(String id) {
        return keyed(id, null);
    }

    static Sent keyed(String id, @Nullable String key) {
        return new Sent(id, key, id.getBytes(StandardCharsets.UTF_8), Map.of(), 0);
    }

    static Sent delayed(String id, long deliverAtMillis) {
        return new Sent(id, null, id.getBytes(StandardCharsets.UTF_8), Map.of(), deliverAtMillis);
    }

    static Sent sized(String id, int bytes) {
        return new Sent(id, null, new byte[bytes], Map.of(), 0);
    }

    /** The outcome, waiting for it up to 10 s. */
    Outcome outcome() {
        try {
            if (!ended.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError(id + " has no outcome after 10 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (twice) {
            throw new AssertionError(id + " was given two outcomes");
        }
        Outcome now = outcome.get();
        if (now == null) {
            throw new AssertionError(id + " ended without an outcome");
        }
        return now;
    }

    /** The outcome as of now. */
    public @Nullable Outcome outcomeNow() {
        return outcome.get();
    }

    MessagingException error() {
        outcome();
        MessagingException given = error;
        if (given == null) {
            throw new AssertionError(id + " ended without an error");
        }
        return given;
    }

    private void end(Outcome how, @Nullable MessagingException why) {
        error = why;
        if (!outcome.compareAndSet(null, how)) {
            twice = true;
        }
        ended.countDown();
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
        return "text/plain; charset=utf-8";
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public long sentAtMillis() {
        return 1_700_000_000_000L;
    }

    @Override
    public long deliverAtMillis() {
        return deliverAtMillis;
    }

    @Override
    public int lane() {
        return -1;
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        end(Outcome.CONFIRMED, null);
    }

    @Override
    public void rejected(MessagingException why) {
        end(Outcome.REJECTED, why);
    }

    @Override
    public void unknown(MessagingException why) {
        end(Outcome.UNKNOWN, why);
    }
}
