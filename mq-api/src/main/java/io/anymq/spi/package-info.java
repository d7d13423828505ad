/**
 * The contract between the engine and a broker adapter. The Javadoc here is normative: it says which thread calls, how
 * long a method may block, what it may keep and what it throws. An adapter moves bytes and reports outcomes; it never
 * retries a handler, never dead-letters and never decides a policy.
 *
 * <p>Reading order: {@link io.anymq.spi.BrokerAdapter}, {@link io.anymq.spi.BrokerConnection}, {@link
 * io.anymq.spi.BrokerSender}, {@link io.anymq.spi.BrokerReceiver}.
 */
@NullMarked
package io.anymq.spi;

import org.jspecify.annotations.NullMarked;
