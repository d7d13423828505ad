package io.anymq.bench.measure;

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

/**
 * The CPU time of this JVM's compiler. A young JVM spends more on it than on the clients that are compared, and the more the more
 * code an arm has. Used by one thread.
 */
final class CompilerThreads {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** The last known figure of each thread: the JVM ends those it needs no more. */
    private final Map<String, Long> perThread = new HashMap<>();

    /** So far. Where the system does not tell it of single threads, the time that finished compilations took. */
    long cpuNanos() throws IOException {
        if (!Files.isDirectory(TASKS)) {
            CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
            return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                    ? TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime())
                    : 0;
        }
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                read(task);
            }
        }
        return perThread.values().stream().mapToLong(Long::longValue).sum();
    }

    private void read(Path task) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm"));
            if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
                String used = Files.readString(task.resolve("schedstat"));
                perThread.put(task.getFileName().toString(), Long.parseLong(used, 0, used.indexOf(' '), 10));
            }
        } catch (NoSuchFileException e) {
            // the thread has ended, or this kernel keeps no such account
            return;
        }
    }
}
