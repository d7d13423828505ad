package io.anymq.internal.receive.policy;

import io.anymq.BatchHandler;
import io.anymq.Delivery;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.keys.KeyedTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Innermost: gathers what one worker finds ready and calls a batch handler. If that fails, each message is handled once
 * more alone, in the order of its key, before the retry policy judges it; the common failure spends no attempt.
 */
public final class BatchHandlerLayer extends InnermostLayer {
    private final KeyedExecutor executor;
    private final Step handleAlone;
    private final BatchHandler<Object> handler;
    private final int maxBatch;
    private final ThreadLocal<List<Task>> gathered = ThreadLocal.withInitial(ArrayList::new);

    public BatchHandlerLayer(
            Attempt attempt, KeyedExecutor executor, Step handleAlone, BatchHandler<Object> handler, int maxBatch) {
        super(attempt);
        this.executor = executor;
        this.handleAlone = handleAlone;
        this.handler = handler;
        this.maxBatch = maxBatch;
    }

    /** The most messages in one call of the handler. */
    public int maxBatch() {
        return maxBatch;
    }

    public boolean isFull() {
        return gathered.get().size() >= maxBatch;
    }

    /** Whether {@code task} waits in this worker's batch. */
    public boolean holds(KeyedTask task) {
        List<Task> batch = gathered.get();
        return !batch.isEmpty() && batch.get(batch.size() - 1) == task;
    }

    @Override
    void handle(Task task) {
        if (task.alone) {
            call(List.of(task));
        } else {
            gathered.get().add(task);
        }
    }

    public void flush() {
        List<Task> batch = gathered.get();
        if (!batch.isEmpty()) {
            List<Task> taken = List.copyOf(batch);
            batch.clear();
            call(taken);
        }
    }

    private void call(List<Task> batch) {
        long start = attempt.now();
        Throwable failure = null;
        try {
            for (Task task : batch) {
                attempt.begin(task);
            }
            List<Delivery<Object>> deliveries = List.copyOf(batch);
            if (attempt.intercepts()) {
                attempt.around(batch, true, false, () -> {
                            handler.handle(deliveries);
                            return InterceptedHandler.DONE;
                        })
                        .callAndWait();
            } else {
                handler.handle(deliveries);
            }
        } catch (Throwable e) {
            failure = e;
        }
        if (failure != null && batch.size() > 1) {
            repeatAlone(batch);
        } else {
            for (Task task : batch) {
                ended(task, failure, start, batch.size());
            }
        }
    }

    private void repeatAlone(List<Task> batch) {
        // from the back, so that the followers of a key return to its front in their order
        for (int i = batch.size() - 1; i >= 0; i--) {
            Task task = batch.get(i);
            attempt.abandon(task);
            task.takeAttemptBack();
            task.alone = true;
            executor.giveBack(task.then(handleAlone));
        }
    }

    public static @Nullable BatchHandlerLayer of(Layer innermost) {
        return innermost instanceof BatchHandlerLayer batch ? batch : null;
    }
}
