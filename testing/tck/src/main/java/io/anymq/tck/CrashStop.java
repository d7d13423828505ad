package io.anymq.tck;

/**
 * Where a {@link CrashableConsumer} stops for good. Immutable.
 *
 * @param point at which step
 * @param messageId with which message; all others are handled as usual until then
 */
public record CrashStop(CrashPoint point, String messageId) {}
