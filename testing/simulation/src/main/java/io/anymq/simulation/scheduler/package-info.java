/**
 * One runnable thread at a time, chosen by a seed, in virtual time. Replacements for JDK calls in instrumented code are
 * in {@link io.anymq.simulation.scheduler.Controlled}.
 */
@NullMarked
package io.anymq.simulation.scheduler;

import org.jspecify.annotations.NullMarked;
