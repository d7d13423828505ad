package io.anymq.internal.receive;

import io.anymq.BatchHandler;
import io.anymq.Delivery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Innermost: gathers what one worker finds ready and calls a batch handler. If that fails, each message is handled once
 * more alone, in the order of its key, before the retry policy judges it; the common failure spends no attempt.
 */
final class BatchHandlerLayer extends InnermostLayer {
    private final KeyedExecutor executor;
    private final Layer again;
    private final BatchHandler<Object> handler;
    private final int maxBatch;
    private final ThreadLocal<List<Work>> gathered = ThreadLocal.withInitial(ArrayList::new);

    BatchHandlerLayer(
            Attempt attempt, KeyedExecutor executor, Layer again, BatchHandler<Object> handler, int maxBatch) {
        super(attempt);
        this.executor = executor;
        this.again = again;
        this.handler = handler;
        this.maxBatch = maxBatch;
    }

    boolean isFull() {
        return gathered.get().size() >= maxBatch;
    }

    /** Whether {@code work} waits in this worker's batch. */
    boolean holds(Work work) {
        List<Work> batch = gathered.get();
        return !batch.isEmpty() && batch.get(batch.size() - 1) == work;
    }

    @Override
    void handle(Work work) {
        if (work.alone) {
            call(List.of(work));
        } else {
            gathered.get().add(work);
        }
    }

    void flush() {
        List<Work> batch = gathered.get();
        if (!batch.isEmpty()) {
            List<Work> taken = List.copyOf(batch);
            batch.clear();
            call(taken);
        }
    }

    private void call(List<Work> batch) {
        long start = attempt.now();
        Throwable failure = null;
        try {
            for (Work work : batch) {
                attempt.begin(work);
            }
            List<Delivery<Object>> deliveries = List.copyOf(batch);
            handler.handle(deliveries);
        } catch (Throwable e) {
            failure = e;
        }
        if (failure != null && batch.size() > 1) {
            repeatAlone(batch, failure);
        } else {
            for (Work work : batch) {
                ended(work, failure, start);
            }
        }
    }

    private void repeatAlone(List<Work> batch, Throwable failure) {
        // from the back, so that the followers of a key return to its front in their order
        for (int i = batch.size() - 1; i >= 0; i--) {
            Work work = batch.get(i);
            attempt.abandon(work, failure);
            work.attempt--;
            work.message.attemptTakenBack();
            work.alone = true;
            work.resumeAt = again;
            executor.giveBack(work);
        }
    }

    static @Nullable BatchHandlerLayer of(Layer innermost) {
        return innermost instanceof BatchHandlerLayer batch ? batch : null;
    }
}
