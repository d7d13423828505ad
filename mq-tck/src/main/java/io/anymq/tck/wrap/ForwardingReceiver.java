package io.anymq.tck.wrap;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Passes every call on. What a subclass hands out in place of the adapter's own messages it wraps as {@link
 * ForwardingInbound}; settlements are unwrapped here.
 */
public class ForwardingReceiver implements BrokerReceiver {
    private final BrokerReceiver delegate;

    /** Wraps {@code delegate}. */
    public ForwardingReceiver(BrokerReceiver delegate) {
        this.delegate = delegate;
    }

    private static List<InboundMessage> originals(List<? extends InboundMessage> messages) {
        List<InboundMessage> originals = new ArrayList<>(messages.size());
        for (InboundMessage message : messages) {
            originals.add(message instanceof ForwardingInbound wrapped ? wrapped.original() : message);
        }
        return originals;
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        return delegate.receive(max, wait);
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        delegate.acknowledge(originals(messages));
    }

    @Override
    public void commit(List<? extends Chain> chains) {
        delegate.commit(chains.stream().map(ForwardingChain::new).toList());
    }

    @Override
    public void release(List<? extends InboundMessage> messages) {
        delegate.release(originals(messages));
    }

    @Override
    public void pause(Lane lane) {
        delegate.pause(lane);
    }

    @Override
    public void resume(Lane lane) {
        delegate.resume(lane);
    }

    @Override
    public Collection<Lane> lanes() {
        return delegate.lanes();
    }

    @Override
    public void wakeup() {
        delegate.wakeup();
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
