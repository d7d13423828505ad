/** Small runnable programs that show AnyMQ at work. */
@NullMarked
package io.anymq.examples;

import org.jspecify.annotations.NullMarked;
