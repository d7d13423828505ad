/**
 * The program of a run: clients, consumers, producers and faults, written like any program that uses AnyMQ. Loaded
 * instrumented, as the engine and the broker are.
 */
@NullMarked
package io.anymq.simulation.world;

import org.jspecify.annotations.NullMarked;
