package io.anymq.internal.receive.policy;

import org.jspecify.annotations.Nullable;

/**
 * One policy around the next. A task goes inward through {@link #handle} and comes back outward through {@link #done}. A
 * layer that must wait parks the task together with the {@link Step} to go on with. Layers hold no state of a message:
 * all of that is in {@link Task}, so passing through costs no allocation.
 */
public abstract class Layer {
    private @Nullable Layer outer;
    private @Nullable Layer inner;

    /** Puts this layer around {@code inner} and returns it. */
    public final Layer around(Layer inner) {
        this.inner = inner;
        inner.outer = this;
        return this;
    }

    /** Takes the task, on a handler thread. */
    abstract void handle(Task task);

    /** The inner layer has ended with {@link Task#verdict}, or without one and a {@link Task#failure}. */
    void done(Task task) {
        outer().done(task);
    }

    /** Ends the task without a result: the broker delivers its message again. */
    final void release(Task task) {
        task.verdict = Verdict.RELEASED;
        outer().done(task);
    }

    final Layer inner() {
        Layer next = inner;
        if (next == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " is innermost");
        }
        return next;
    }

    final Layer outer() {
        Layer next = outer;
        if (next == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " is outermost");
        }
        return next;
    }
}
