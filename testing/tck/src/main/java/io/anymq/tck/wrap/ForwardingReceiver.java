package io.anymq.tck.wrap;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.TransactionalReceiver;
import io.anymq.spi.WindowedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes every call on. It wraps messages that a subclass hands out instead of the adapter's own as {@link
 * ForwardingInbound}; settlements are unwrapped here. It has every optional ability, which the engine uses only where
 * the adapter declares it, or which does nothing where the adapter's own has it not.
 */
public class ForwardingReceiver implements PausableReceiver, TransactionalReceiver, WindowedReceiver {
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
    public boolean remembersGaps(Lane lane) {
        return delegate.remembersGaps(lane);
    }

    @Override
    public boolean isStalled() {
        return delegate.isStalled();
    }

    @Override
    public void commit(List<? extends Chain> chains) {
        ((TransactionalReceiver) delegate)
                .commit(chains.stream().map(ForwardingChain::new).toList());
    }

    @Override
    public void pause(Lane lane) {
        if (delegate instanceof PausableReceiver pausable) {
            pausable.pause(lane);
        }
    }

    @Override
    public void resume(Lane lane) {
        if (delegate instanceof PausableReceiver pausable) {
            pausable.resume(lane);
        }
    }

    @Override
    public void window(int messages) {
        if (delegate instanceof WindowedReceiver windowed) {
            windowed.window(messages);
        }
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
