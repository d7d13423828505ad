package io.anymq.internal.receive.policy;

import io.anymq.MessagingException;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A task that waits for the broker to take its outputs and its settlement in one. The first outcome counts. */
public final class OpenChain implements Chain {
    public final Task task;
    private final List<Output> outputs;
    private final KeyedExecutor executor;
    private final AtomicBoolean ended = new AtomicBoolean();

    OpenChain(Task task, List<Output> outputs, KeyedExecutor executor) {
        this.task = task;
        this.outputs = List.copyOf(outputs);
        this.executor = executor;
    }

    @Override
    public InboundMessage input() {
        return task.message;
    }

    @Override
    public List<Output> outputs() {
        return outputs;
    }

    @Override
    public void committed() {
        if (ended.compareAndSet(false, true)) {
            task.committed = true;
            executor.unpark(task);
        }
    }

    @Override
    public void failed(MessagingException error) {
        if (ended.compareAndSet(false, true)) {
            task.failure = error;
            executor.unpark(task);
        }
    }
}
