/** Tests of the in-memory broker through the adapter contract, the way the engine drives it. */
@org.jspecify.annotations.NullMarked
package io.anymq.inmemory;
