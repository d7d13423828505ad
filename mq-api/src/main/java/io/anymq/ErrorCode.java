package io.anymq;

/** The kind of an error; each code has the same meaning on every broker. */
@API(API.Status.STABLE)
public enum ErrorCode {
    /** A queue, topic or subscription name is outside the portable limits. */
    INVALID_NAME,
    /** A header, key, id or delay is outside the portable limits, or contradicts the destination. */
    INVALID_MESSAGE,
    /** The body or the headers are larger than the limit. */
    TOO_LARGE,
    /** The configuration is wrong; see {@link ConfigurationException#problems()}. */
    CONFIGURATION,
    /** The broker does not support the request; thrown when the client, producer or consumer is built. */
    UNSUPPORTED,
    /** The broker does not answer, or the connection broke. */
    UNAVAILABLE,
    /** The broker did not answer in time. */
    TIMEOUT,
    /** User name, password or certificate are refused. */
    AUTHENTICATION,
    /** The user may not do this. */
    AUTHORIZATION,
    /** The queue, topic or subscription does not exist, and provisioning is off. */
    NOT_FOUND,
    /** It exists with other properties than declared. */
    MISMATCH,
    /** No room: the producer's window or the broker's storage is full. */
    FULL,
    /** An earlier send of this key failed, so this one would leave a gap; see {@link Producer#resumeKey}. */
    KEY_BLOCKED,
    /** The codec could not turn the object into bytes. */
    ENCODING,
    /** The codec could not turn the bytes into an object, or no codec knows the content type. */
    DECODING,
    /** The client, producer or consumer is closed. */
    CLOSED,
    /** A defect in AnyMQ or an adapter; please report it. */
    INTERNAL
}
