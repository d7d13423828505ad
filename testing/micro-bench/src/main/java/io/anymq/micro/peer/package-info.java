/** Ways to pass a message within a JVM, AnyMQ's in-memory broker among them: one small class for each. */
@NullMarked
package io.anymq.micro.peer;

import org.jspecify.annotations.NullMarked;
