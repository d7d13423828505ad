package io.anymq.internal.receive;

/**
 * Outermost: what comes in waits for its turn in the {@link KeyedExecutor}; what comes back frees its key and is settled.
 */
final class OrderingLayer extends Layer {
    private final KeyedExecutor executor;

    OrderingLayer(KeyedExecutor executor) {
        this.executor = executor;
    }

    /** Takes new work, on the receive thread. */
    void accept(Work work) {
        executor.submit(work);
    }

    @Override
    void handle(Work work) {
        if (work.cancelRequested) {
            work.verdict = Verdict.RELEASED;
            done(work);
            return;
        }
        inner().handle(work);
    }

    @Override
    void done(Work work) {
        // the settlement first: a close that sees the key free must find the settlement as well
        work.loop.settle(work);
        executor.finished(work);
    }
}
