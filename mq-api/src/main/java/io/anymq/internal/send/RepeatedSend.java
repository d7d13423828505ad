package io.anymq.internal.send;

import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Another attempt of a send. An object of its own, so that a late report on an earlier attempt is not taken for its outcome. */
final class RepeatedSend implements OutboundMessage {
    private final PendingSend send;
    private final AtomicBoolean over = new AtomicBoolean();

    RepeatedSend(PendingSend send) {
        this.send = send;
    }

    @Override
    public boolean leaves() {
        return !over.get() && send.repetitionLeaves();
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        if (over.compareAndSet(false, true)) {
            send.repetitionConfirmed(nativeReceipt);
        }
    }

    @Override
    public void rejected(MessagingException error) {
        if (over.compareAndSet(false, true)) {
            send.repetitionFailed(error, false);
        }
    }

    @Override
    public void unknown(MessagingException error) {
        if (over.compareAndSet(false, true)) {
            send.repetitionFailed(error, true);
        }
    }

    @Override
    public String id() {
        return send.id();
    }

    @Override
    public @Nullable String key() {
        return send.key();
    }

    @Override
    public byte[] body() {
        return send.body();
    }

    @Override
    public String contentType() {
        return send.contentType();
    }

    @Override
    public String storedAs() {
        return send.storedAs();
    }

    @Override
    public @Nullable InboundMessage received() {
        return send.received();
    }

    @Override
    public Map<String, String> headers() {
        return send.headers();
    }

    @Override
    public long sentAtMillis() {
        return send.sentAtMillis();
    }

    @Override
    public long deliverAtMillis() {
        return send.deliverAtMillis();
    }

    @Override
    public int lane() {
        return send.lane();
    }
}
