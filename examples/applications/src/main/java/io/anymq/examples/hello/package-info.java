/** The smallest program: one message through a queue. */
@NullMarked
package io.anymq.examples.hello;

import org.jspecify.annotations.NullMarked;
