package io.anymq.internal.receive.policy;

/** How a task goes on after it has waited. Layers keep theirs in final fields, so that waiting costs no allocation. */
@FunctionalInterface
public interface Step {
    void run(Task task);
}
