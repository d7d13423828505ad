/** Finds annotated methods and runs them; applications use the types of {@link io.anymq.spring}. */
@NullMarked
package io.anymq.spring.listener;

import org.jspecify.annotations.NullMarked;
