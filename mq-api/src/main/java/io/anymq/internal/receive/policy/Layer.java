package io.anymq.internal.receive.policy;

import org.jspecify.annotations.Nullable;

/**
 * One policy around the next. Task goes inward through {@link #handle} and comes back outward through {@link #done};
 * a layer that must wait parks the task and gets it back through {@link #resume}. Layers hold no state of a message:
 * that is all in {@link Task}, so passing through costs no allocation.
 */
public abstract class Layer {
    public final Step again = this::resume;
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

    /** Goes on with task that this layer had parked, on a handler thread. */
    void resume(Task task) {
        throw new IllegalStateException(getClass().getSimpleName() + " never parks");
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
