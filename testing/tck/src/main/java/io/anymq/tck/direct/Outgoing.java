package io.anymq.tck.direct;

import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A message as the engine hands it to a {@link io.anymq.spi.BrokerSender}, with the outcome that the adapter reported.
 * By default it is a text sent now, at no particular time of delivery and to no particular lane.
 *
 * <pre>{@code
 * Outgoing message = Outgoing.text("id-1", "key", "body");
 * sender.send(message);
 * assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
 * }</pre>
 *
 * <p>Set it up on one thread before it is sent; its outcome may come and be awaited on any.
 */
public final class Outgoing implements OutboundMessage {
    /** The outcomes of a send. */
    public enum Outcome {
        /** Certainly stored. */
        CONFIRMED,
        /** Certainly not stored. */
        REJECTED,
        /** Neither is certain. */
        UNKNOWN
    }

    /**
     * The outcome of a send.
     *
     * @param outcome the outcome, of which the first counts
     * @param receipt the receipt of a confirm, if any
     * @param error the reason it is not confirmed, or null
     */
    public record Ended(
            Outcome outcome,
            @Nullable Object receipt,
            @Nullable MessagingException error) {}

    private final String id;
    private final @Nullable String key;
    private final byte[] body;
    private final Map<String, String> headers;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private String contentType = "text/plain; charset=utf-8";
    private long sentAtMillis = System.currentTimeMillis();
    private long deliverAtMillis;
    private int lane = -1;

    /** A message with these parts; neither array nor map is copied. */
    public Outgoing(String id, @Nullable String key, byte[] body, Map<String, String> headers) {
        this.id = id;
        this.key = key;
        this.body = body;
        this.headers = headers;
    }

    /** A message without headers whose body is this text in UTF-8. */
    public static Outgoing text(String id, @Nullable String key, String body) {
        return new Outgoing(id, key, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A message with this content, such as an output of a {@link io.anymq.spi.Chain}. */
    public static Outgoing of(WireMessage message) {
        return new Outgoing(message.id(), message.key(), message.body(), message.headers())
                .contentType(message.contentType())
                .sentAtMillis(message.sentAtMillis())
                .deliverAtMillis(message.deliverAtMillis())
                .lane(message.lane());
    }

    /** Sets the content type; by default {@code text/plain; charset=utf-8}. Empty for none. */
    public Outgoing contentType(String type) {
        contentType = type;
        return this;
    }

    /** Sets when it was sent, in milliseconds since 1970; by default when this object was made. */
    public Outgoing sentAtMillis(long millis) {
        sentAtMillis = millis;
        return this;
    }

    /** Sets the time of delivery in milliseconds since 1970; by default 0, at once. */
    public Outgoing deliverAtMillis(long millis) {
        deliverAtMillis = millis;
        return this;
    }

    /** Sets the lane of an {@link io.anymq.spi.Address.Redelivery}, from 0; by default -1, none. */
    public Outgoing lane(int number) {
        lane = number;
        return this;
    }

    /**
     * Waits for the outcome.
     *
     * @throws AssertionError if there is none by then
     */
    public Ended await(Duration timeout) throws InterruptedException {
        try {
            return ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("message " + id + " has no outcome within " + timeout, e);
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome must not be completed exceptionally", e);
        }
    }

    /**
     * Sends it and waits until it is confirmed.
     *
     * @param timeout the time that this may take
     * @throws AssertionError if it is not confirmed by then
     */
    public void sendTo(BrokerSender sender, Duration timeout) throws InterruptedException {
        sendAll(sender, List.of(this), timeout);
    }

    /**
     * Sends all of these one after another without waiting between them, then waits until each is confirmed.
     *
     * @param timeout the time that each outcome may take once all are sent
     * @throws AssertionError if one is not confirmed by then
     */
    public static void sendAll(BrokerSender sender, List<Outgoing> messages, Duration timeout)
            throws InterruptedException {
        messages.forEach(sender::send);
        for (Outgoing message : messages) {
            Ended ended = message.await(timeout);
            if (ended.outcome() != Outcome.CONFIRMED) {
                throw new AssertionError("message " + message.id + " is " + ended.outcome(), ended.error());
            }
        }
    }

    /** Whether the adapter has reported an outcome. */
    public boolean isEnded() {
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
        return sentAtMillis;
    }

    @Override
    public long deliverAtMillis() {
        return deliverAtMillis;
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
