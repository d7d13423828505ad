package io.anymq.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The resources that this JVM has used so far. Used by one thread. */
final class ClientUsage {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path TASKS = Path.of("/proc/self/task");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** The last known figure of each thread: one that has ended keeps it. */
    private final Map<Object, Long> allocated = new HashMap<>();

    private final Map<Object, Long> compiling = new HashMap<>();

    private static long sum(Map<Object, Long> figures) {
        return figures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** With its compiler. */
    long cpuNanos() {
        return system.getProcessCpuTime();
    }

    long allocatedBytes() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            allocated.merge(ids[i], bytes[i], Math::max);
        }
        return sum(allocated);
    }

    /**
     * The CPU time of the compiler; where the system does not tell it of single threads, the time that finished compilations took.
     * A young JVM spends more on it than on the clients that are compared, and the more the more code an arm has.
     */
    long compilerNanos() throws IOException {
        if (!Files.isDirectory(TASKS)) {
            CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
            return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                    ? TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime())
                    : 0;
        }
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                readCompiler(task);
            }
        }
        return sum(compiling);
    }

    private void readCompiler(Path task) throws IOException {
        try {
            if (Files.readString(task.resolve("comm")).matches("C[12] Comp.*\\s*")) {
                String used = Files.readString(task.resolve("schedstat"));
                compiling.put(task, Long.parseLong(used, 0, used.indexOf(' '), 10));
            }
        } catch (NoSuchFileException e) {
            // the thread has ended, or this kernel keeps no such account
            return;
        }
    }

    /** Resident memory, or null where the platform does not tell. */
    @Nullable
    Long residentBytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return null;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(null);
        }
    }
}
