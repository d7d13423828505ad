package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was sent on one channel and has no outcome so far, for a broker that numbers messages in the order of their
 * arrival, from 1 on, and confirms one or all up to it. Thread-safe, and no outcome is reported within a lock.
 *
 * <pre>{@code
 * sends.add(message, System.nanoTime(), 1);
 * channel.publish(message.body());
 * …
 * channel.onConfirm((number, multiple) -> sends.confirmed(number, multiple));
 * channel.onEnd(error -> sends.removeAll().forEach(message -> message.unknown(translated(error))));
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class ConfirmedSends {
    private final ConfirmWindow<Sent> window;

    private static final class Sent {
        private final OutboundMessage message;
        private final long nanos;
        private volatile @Nullable MessagingException returned;

        Sent(OutboundMessage message, long nanos) {
            this.message = message;
            this.nanos = nanos;
        }
    }

    /** Nothing is sent yet; with room for so many messages before it has to grow. */
    public ConfirmedSends(int expected) {
        window = new ConfirmWindow<>(expected);
    }

    /**
     * Gives a message the next number, before it is written; by one thread at a time.
     *
     * @param sentNanos when its time began, by {@link System#nanoTime}
     * @return for how many nanoseconds the oldest has waited, if {@code crowd} or more wait now; else 0
     */
    public long add(OutboundMessage message, long sentNanos, int crowd) {
        Sent oldest = window.add(new Sent(message, sentNanos), crowd);
        return oldest == null ? 0 : sentNanos - oldest.nanos;
    }

    /** The broker has one message, or all up to this number; those that it {@link #returned} are rejected. */
    public void confirmed(long number, boolean multiple) {
        List<Sent> done = window.remove(number, multiple);
        for (int i = 0; i < done.size(); i++) {
            Sent sent = done.get(i);
            MessagingException error = sent.returned;
            if (error == null) {
                sent.message.confirmed(null);
            } else {
                sent.message.rejected(error);
            }
        }
    }

    /** The broker does not say whether it has one message, or all up to this number. */
    public void unknown(long number, boolean multiple, MessagingException error) {
        List<Sent> failed = window.remove(number, multiple);
        failed.forEach(sent -> sent.message.failing());
        failed.forEach(sent -> sent.message.unknown(error));
    }

    /** The broker has returned the oldest message of this id; its confirm is still to come, and will be its refusal. */
    public void returned(@Nullable String id, MessagingException error) {
        Sent sent =
                window.find(each -> each.returned == null && each.message.id().equals(id));
        if (sent != null) {
            sent.returned = error;
        }
    }

    /** Ends as unknown what was sent at least so long before {@code now}. */
    public void expire(long now, long withinNanos, Supplier<MessagingException> error) {
        List<Sent> late = window.removeWhile(each -> now - each.nanos >= withinNanos);
        late.forEach(sent -> sent.message.failing());
        late.forEach(sent -> sent.message.unknown(error.get()));
    }

    /**
     * Takes out all, in the order of their numbers, for the caller to report their failure, which is {@linkplain
     * OutboundMessage#failing announced} here.
     */
    public List<OutboundMessage> removeAll() {
        List<OutboundMessage> all =
                window.removeAll().stream().map(sent -> sent.message).toList();
        all.forEach(OutboundMessage::failing);
        return all;
    }

    /** Whether every message has its outcome. */
    public boolean isEmpty() {
        return window.isEmpty();
    }
}
