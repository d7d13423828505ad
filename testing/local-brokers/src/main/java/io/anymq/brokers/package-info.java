/**
 * Starts real message brokers for tests and benchmarks, and separate JVMs for crash tests.
 *
 * <p>Entry points are {@link io.anymq.brokers.LocalBrokers} and {@link io.anymq.brokers.ChildJvm}. Nothing in here is
 * meant for production use. Everything started here dies with the JVM that started it.
 */
@NullMarked
package io.anymq.brokers;

import org.jspecify.annotations.NullMarked;
