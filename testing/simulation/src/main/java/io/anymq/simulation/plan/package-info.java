/** The plan of a simulated run: drawn from a seed before it begins, so that it can be printed and shortened. */
@NullMarked
package io.anymq.simulation.plan;

import org.jspecify.annotations.NullMarked;
