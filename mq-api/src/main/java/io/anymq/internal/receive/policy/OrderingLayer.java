package io.anymq.internal.receive.policy;

import io.anymq.internal.receive.keys.KeyedExecutor;

/**
 * The outermost layer: incoming messages wait for their turn in the {@link KeyedExecutor}; returning ones free their
 * key and are settled.
 */
public final class OrderingLayer extends Layer {
    private final KeyedExecutor executor;
    private final Step begin = this::handle;

    public OrderingLayer(KeyedExecutor executor) {
        this.executor = executor;
    }

    /** Takes new task, on the receive thread. */
    public void accept(Task task) {
        executor.submit(task.then(begin));
    }

    @Override
    void handle(Task task) {
        if (task.isCancelRequested()) {
            task.verdict = Verdict.RELEASED;
            done(task);
            return;
        }
        inner().handle(task);
    }

    @Override
    public void done(Task task) {
        // the settlement first: a close that sees the key free must find the settlement as well
        task.origin.settle(task);
        executor.finished(task);
    }
}
