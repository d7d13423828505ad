package io.anymq.internal.receive.policy;

import io.anymq.MessagingException;
import io.anymq.SendException;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.send.InterceptedSend;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A task that waits for the broker to take its outputs and its settlement in one. The first outcome counts. */
public final class OpenChain implements Chain {
    public final Task task;
    private final List<Output> outputs;
    private final KeyedExecutor executor;
    private final List<Task.Output> intercepted;
    private final Executor callbacks;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** {@code intercepted}: the outputs whose interceptors want to know how it ends; {@code callbacks}: where. */
    OpenChain(
            Task task,
            List<Output> outputs,
            KeyedExecutor executor,
            List<Task.Output> intercepted,
            Executor callbacks) {
        this.task = task;
        this.outputs = List.copyOf(outputs);
        this.executor = executor;
        this.intercepted = List.copyOf(intercepted);
        this.callbacks = callbacks;
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
            tellLater(null);
            executor.unpark(task);
        }
    }

    @Override
    public void failed(MessagingException error) {
        if (ended.compareAndSet(false, true)) {
            task.failure = error;
            tellLater(error);
            executor.unpark(task);
        }
    }

    private void tellLater(@Nullable MessagingException error) {
        if (!intercepted.isEmpty()) {
            callbacks.execute(() -> tell(error));
        }
    }

    private void tell(@Nullable MessagingException error) {
        for (int i = 0; i < intercepted.size(); i++) {
            Task.Output output = intercepted.get(i);
            InterceptedSend<Object> send = output.intercepted();
            if (send == null) {
                continue;
            }
            String id = outputs.get(i).message().id();
            if (error == null) {
                send.committed(id);
            } else {
                send.ended(null, SendException.unknown(id, error));
            }
        }
    }
}
