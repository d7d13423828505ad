package io.anymq.tck.wrap;

import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passes data and outcomes on. */
public class ForwardingOutbound implements OutboundMessage {
    private final OutboundMessage delegate;

    /** Wraps {@code delegate}. */
    public ForwardingOutbound(OutboundMessage delegate) {
        this.delegate = delegate;
    }

    @Override
    public String id() {
        return delegate.id();
    }

    @Override
    public @Nullable String key() {
        return delegate.key();
    }

    @Override
    public byte[] body() {
        return delegate.body();
    }

    @Override
    public String contentType() {
        return delegate.contentType();
    }

    @Override
    public String storedAs() {
        return delegate.storedAs();
    }

    @Override
    public @Nullable InboundMessage received() {
        return delegate.received();
    }

    @Override
    public Map<String, String> headers() {
        return delegate.headers();
    }

    @Override
    public long sentAtMillis() {
        return delegate.sentAtMillis();
    }

    @Override
    public long deliverAtMillis() {
        return delegate.deliverAtMillis();
    }

    @Override
    public int lane() {
        return delegate.lane();
    }

    @Override
    public boolean leaves() {
        return delegate.leaves();
    }

    @Override
    public void failing() {
        delegate.failing();
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        delegate.confirmed(nativeReceipt);
    }

    @Override
    public void rejected(MessagingException error) {
        delegate.rejected(error);
    }

    @Override
    public void unknown(MessagingException error) {
        delegate.unknown(error);
    }
}
