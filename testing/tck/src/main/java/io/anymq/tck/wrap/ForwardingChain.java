package io.anymq.tck.wrap;

import io.anymq.MessagingException;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import java.util.List;

/** Passes outputs and outcome on, and the adapter's own message instead of a {@link ForwardingInbound}. */
public class ForwardingChain implements Chain {
    private final Chain delegate;

    /** Wraps {@code delegate}. */
    public ForwardingChain(Chain delegate) {
        this.delegate = delegate;
    }

    @Override
    public InboundMessage input() {
        return delegate.input() instanceof ForwardingInbound wrapped ? wrapped.original() : delegate.input();
    }

    @Override
    public List<Output> outputs() {
        return delegate.outputs();
    }

    @Override
    public void committed() {
        delegate.committed();
    }

    @Override
    public void failed(MessagingException error) {
        delegate.failed(error);
    }
}
