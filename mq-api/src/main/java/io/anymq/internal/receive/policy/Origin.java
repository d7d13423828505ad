package io.anymq.internal.receive.policy;

/** Where a task came from and reports back to. Thread-safe. */
public interface Origin {
    /** The task has ended with {@link Task#verdict}: the broker is told. */
    void settle(Task task);

    /** Like {@link #settle}, for a task whose outputs are sent in the same transaction. */
    void commit(OpenChain chain);

    /** Whether handlers are being interrupted, so that a failure is not their message's fault. */
    boolean isForcedToEnd();
}
