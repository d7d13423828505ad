package io.anymq.tck;

/**
 * The point where a {@link CrashableConsumer} stops permanently. Immutable.
 *
 * @param point at which step
 * @param messageId with which message; all others are handled as usual until then
 */
public record CrashStop(CrashPoint point, String messageId) {}
