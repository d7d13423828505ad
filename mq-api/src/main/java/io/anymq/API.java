package io.anymq;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The stability of a public type from release to release. Every public type in an exported package says it; nested
 * types have the status of the outermost one. Types in {@code io.anymq.internal} have none and may change at any time.
 * {@code docs/versioning.md} has the policy in full.
 */
@API(API.Status.STABLE)
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface API {
    /** The type's status. */
    Status value();

    /** The level of stability. */
    enum Status {
        /**
         * Source and binary compatible until the next major version; in 0.x, until the next minor one. An interface
         * that AnyMQ implements for its users may gain methods.
         */
        STABLE,
        /**
         * For authors of adapters and modules, and for integrations. Changes in minor versions only: what goes was
         * deprecated for one minor version, and a method that is added has a default.
         */
        EVOLVING,
        /** On trial: may change or go in any minor version. */
        EXPERIMENTAL
    }
}
