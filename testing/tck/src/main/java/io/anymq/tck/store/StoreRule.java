package io.anymq.tck.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the method that verifies one rule STO of the specification. The method takes a {@link StoreContext}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface StoreRule {
    /** The rule's number in SPECIFICATION.md, such as {@code STO-1}. */
    String id();

    /** Where a store's author looks first when it fails. */
    String check();
}
