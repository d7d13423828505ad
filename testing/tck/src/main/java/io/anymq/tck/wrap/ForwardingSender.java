package io.anymq.tck.wrap;

import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Passes every message on through {@link #forward}, which may change, withhold or multiply it. */
public class ForwardingSender implements BrokerSender {
    private final BrokerSender delegate;

    /** Wraps {@code delegate}. */
    public ForwardingSender(BrokerSender delegate) {
        this.delegate = delegate;
    }

    /** The message to send instead of {@code message}; by default the message itself. */
    protected List<? extends OutboundMessage> forward(OutboundMessage message) {
        return List.of(message);
    }

    @Override
    public void send(OutboundMessage message) {
        for (OutboundMessage forwarded : forward(message)) {
            delegate.send(forwarded);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return delegate.unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        delegate.close(timeout);
    }
}
