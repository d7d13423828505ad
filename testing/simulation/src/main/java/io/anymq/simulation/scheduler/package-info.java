/**
 * One runnable thread at a time, chosen by a seed, in virtual time. What instrumented code calls instead of the JDK is
 * in {@link io.anymq.simulation.scheduler.Controlled}.
 */
@NullMarked
package io.anymq.simulation.scheduler;

import org.jspecify.annotations.NullMarked;
