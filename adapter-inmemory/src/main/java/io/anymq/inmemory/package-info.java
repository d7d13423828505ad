/** The embedded broker that lives inside the JVM. */
@NullMarked
package io.anymq.inmemory;

import org.jspecify.annotations.NullMarked;
