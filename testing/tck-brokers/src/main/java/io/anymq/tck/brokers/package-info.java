/**
 * Runs the kit on the brokers that {@link io.anymq.brokers.LocalBrokers} starts: a harness, and what every adapter promises
 * while its broker is gone. It is a module of its own because the kit knows no brokers and the brokers know no kit.
 */
@NullMarked
package io.anymq.tck.brokers;

import org.jspecify.annotations.NullMarked;
