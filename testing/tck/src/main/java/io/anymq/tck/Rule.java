package io.anymq.tck;

import io.anymq.spi.Capability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the method that verifies one rule of the specification. The method takes a {@link TckContext}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Rule {
    /** The rule's number in SPECIFICATION.md, such as {@code SND-1}. */
    String id();

    /** Where an adapter author looks first when it fails. */
    String check();

    /** Capabilities without which it does not apply. */
    Capability[] needs() default {};

    /** Faults the harness must be able to make. */
    Fault[] faults() default {};

    /** Whether what its clients did is recorded, and checked against the invariants at its end. */
    HistoryScope history() default HistoryScope.NONE;

    /** Runs while no other rule does, because it breaks the broker or looks at the whole process. */
    boolean alone() default false;
}
