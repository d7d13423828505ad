/**
 * For tests that drive an adapter at the SPI, without the engine: {@link io.anymq.tck.direct.SpiContext} to connect
 * with, {@link io.anymq.tck.direct.Outgoing} to send, {@link io.anymq.tck.direct.SteppedReceiver} to receive.
 *
 * <p>The rules judge an adapter as a user sees it. Facts that only the vendor's side can show, such as a partition, a
 * broker's own count or an alarm, is tested with these.
 */
@NullMarked
package io.anymq.tck.direct;

import org.jspecify.annotations.NullMarked;
