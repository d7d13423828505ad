package io.anymq.spi;

import io.anymq.API;

/** The way in which a {@link Capability} is supported. */
@API(API.Status.EVOLVING)
public enum Support {
    /** The broker does it. */
    NATIVE,
    /** The adapter or the engine does it on top of the broker. */
    EMULATED,
    /** Not there: asking for it is an error when the client, producer or consumer is built. */
    UNSUPPORTED
}
