package io.anymq.internal.receive;

import org.jspecify.annotations.Nullable;

/**
 * One policy around the next. Work goes inward through {@link #handle} and comes back outward through {@link #done};
 * a layer that must wait parks the work and gets it back through {@link #resume}. Layers hold no state of a message:
 * that is all in {@link Work}, so passing through costs no allocation.
 */
abstract class Layer {
    private @Nullable Layer outer;
    private @Nullable Layer inner;

    /** Puts this layer around {@code inner} and returns it. */
    final Layer around(Layer inner) {
        this.inner = inner;
        inner.outer = this;
        return this;
    }

    /** Takes the work, on a handler thread. */
    abstract void handle(Work work);

    /** The inner layer has ended with {@link Work#verdict}, or without one and a {@link Work#failure}. */
    void done(Work work) {
        outer().done(work);
    }

    /** Goes on with work that this layer had parked, on a handler thread. */
    void resume(Work work) {
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
