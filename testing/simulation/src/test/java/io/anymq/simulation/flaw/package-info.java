/** Defects that the simulation must find. Loaded instrumented, as the adapter is. */
@NullMarked
package io.anymq.simulation.flaw;

import org.jspecify.annotations.NullMarked;
