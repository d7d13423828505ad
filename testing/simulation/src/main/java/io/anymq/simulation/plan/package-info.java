/** What a simulated run does: chosen by a seed, before it begins, so that it can be written down and made shorter. */
@NullMarked
package io.anymq.simulation.plan;

import org.jspecify.annotations.NullMarked;
