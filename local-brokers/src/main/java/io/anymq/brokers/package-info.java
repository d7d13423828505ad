/** Starts and stops real brokers on this computer. */
@NullMarked
package io.anymq.brokers;

import org.jspecify.annotations.NullMarked;
