package io.anymq.brokers;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The resource usage of a process so far. A figure that the platform does not give is empty, never zero.
 *
 * <p>The figures belong to one process: after a restart they begin again.
 *
 * @param cpu CPU time, user and system
 * @param residentBytes resident memory at this moment, in bytes
 * @param writtenBytes bytes that the process caused to be written to the disk, from {@code /proc/<pid>/io}
 */
public record ResourceUsage(Optional<Duration> cpu, OptionalLong residentBytes, OptionalLong writtenBytes) {

    /** Nothing is known. */
    public static final ResourceUsage UNKNOWN =
            new ResourceUsage(Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
}
