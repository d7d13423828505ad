/**
 * Deterministic simulation: many small random runs of the engine on the in-memory broker, each decided by one seed and
 * judged by the history checker. {@link io.anymq.simulation.Simulation} plays one, {@link io.anymq.simulation.Campaign}
 * many, {@link io.anymq.simulation.Shrinker} makes one that fails shorter.
 */
@NullMarked
package io.anymq.simulation;

import org.jspecify.annotations.NullMarked;
