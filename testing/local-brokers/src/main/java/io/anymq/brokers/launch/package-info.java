/**
 * Main classes that run inside the started processes. They use nothing but the JDK, because the class path around
 * them is a broker's own.
 */
@NullMarked
package io.anymq.brokers.launch;

import org.jspecify.annotations.NullMarked;
