package io.anymq.brokers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads a process's figures from the JDK and, where there is one, from {@code /proc}. */
final class ProcessUsage {
    private ProcessUsage() {}

    static ResourceUsage of(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> new ResourceUsage(
                        handle.info().totalCpuDuration(), residentBytes(pid), field(pid, "io", "write_bytes:")))
                .orElse(ResourceUsage.UNKNOWN);
    }

    private static OptionalLong residentBytes(long pid) {
        OptionalLong kilobytes = field(pid, "status", "VmRSS:");
        return kilobytes.isPresent() ? OptionalLong.of(kilobytes.getAsLong() * 1024) : kilobytes;
    }

    private static OptionalLong field(long pid, String file, String name) {
        Path path = Path.of("/proc", Long.toString(pid), file);
        if (!Files.isReadable(path)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(
                            line.substring(name.length()).replace("kB", "").trim()))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            // The process ended between the check and the reading, or its figures belong to another user.
            return OptionalLong.empty();
        }
    }
}
