/** The brokers' containers as {@code @ServiceConnection}. */
@NullMarked
package io.anymq.spring.testcontainers;

import org.jspecify.annotations.NullMarked;
