/** Loads classes so that every place where a thread could wait, or look at the clock, asks the scheduler instead. */
@NullMarked
package io.anymq.simulation.instrument;

import org.jspecify.annotations.NullMarked;
