/** The inbox and the outbox of {@code anymq-jdbc} in Spring's transactions. */
@NullMarked
package io.anymq.spring.jdbc;

import org.jspecify.annotations.NullMarked;
