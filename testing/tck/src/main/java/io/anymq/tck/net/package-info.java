/**
 * A network that can be broken on purpose: {@link io.anymq.tck.net.TcpProxy} stands at the address that clients are given,
 * and {@link io.anymq.tck.net.NetworkFaults} makes the kit's network faults with it. For harnesses and for adapters' own
 * tests.
 */
@NullMarked
package io.anymq.tck.net;

import org.jspecify.annotations.NullMarked;
