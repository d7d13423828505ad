package io.anymq.internal.receive;

import io.anymq.MessagingException;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A work that waits for the broker to take its outputs and its settlement in one. The first outcome counts. */
final class OpenChain implements Chain {
    final Work work;
    private final List<Output> outputs;
    private final KeyedExecutor executor;
    private final AtomicBoolean ended = new AtomicBoolean();

    OpenChain(Work work, List<Output> outputs, KeyedExecutor executor) {
        this.work = work;
        this.outputs = List.copyOf(outputs);
        this.executor = executor;
    }

    @Override
    public InboundMessage input() {
        return work.message;
    }

    @Override
    public List<Output> outputs() {
        return outputs;
    }

    @Override
    public void committed() {
        if (ended.compareAndSet(false, true)) {
            work.committed = true;
            executor.unpark(work);
        }
    }

    @Override
    public void failed(MessagingException error) {
        if (ended.compareAndSet(false, true)) {
            work.failure = error;
            executor.unpark(work);
        }
    }
}
