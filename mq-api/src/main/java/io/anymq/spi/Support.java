package io.anymq.spi;

/** How a {@link Capability} is there. */
public enum Support {
    /** The broker does it. */
    NATIVE,
    /** The adapter or the engine does it on top of the broker. */
    EMULATED,
    /** Not there: asking for it is an error when the client, producer or consumer is built. */
    UNSUPPORTED
}
