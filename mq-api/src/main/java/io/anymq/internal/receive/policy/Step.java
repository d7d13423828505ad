package io.anymq.internal.receive.policy;

/** The continuation of a task after a wait. Layers keep theirs in final fields, so that waiting costs no allocation. */
@FunctionalInterface
public interface Step {
    void run(Task task);
}
