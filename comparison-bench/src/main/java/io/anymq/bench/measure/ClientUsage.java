package io.anymq.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The resources that this JVM has used so far. Used by one thread. */
final class ClientUsage {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CompilerThreads compiler = new CompilerThreads();
    private final @Nullable Method total = totalAllocated();

    /** The last known figure of each thread: one that ended keeps it. JDK 17 to 20 only. */
    private final Map<Long, Long> perThread = new HashMap<>();

    /** With its compiler. */
    long cpuNanos() {
        return system.getProcessCpuTime();
    }

    long compilerNanos() throws IOException {
        return compiler.cpuNanos();
    }

    long allocatedBytes() {
        if (total != null) {
            try {
                return (long) total.invoke(threads);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("the JVM does not tell how much it allocated", e);
            }
        }
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                perThread.put(ids[i], bytes[i]);
            }
        }
        return perThread.values().stream().mapToLong(Long::longValue).sum();
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

    /** There since JDK 21; it counts threads that have ended, too. */
    private static @Nullable Method totalAllocated() {
        try {
            return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
