package io.anymq.brokers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Looks at the threads of another process, where the system shows them under {@code /proc}. */
final class ProcessThreads {
    private ProcessThreads() {}

    /**
     * Waits until every thread stands still: SIGSTOP is delivered to one thread after another, and on a busy machine a
     * broker answers a request or two before the last one has stopped. Returns at once where there is no {@code /proc}.
     */
    static void awaitStopped(long pid, Duration limit) {
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        long deadline = System.nanoTime() + limit.toNanos();
        while (Files.isDirectory(threads) && !allStopped(threads)) {
            if (System.nanoTime() - deadline > 0) {
                throw new LocalBrokerException(
                        "process " + pid + " is still running " + limit.toSeconds() + " s after SIGSTOP");
            }
            Thread.onSpinWait();
        }
    }

    private static boolean allStopped(Path threads) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
            for (Path thread : all) {
                String stat = Files.readString(thread.resolve("stat"));
                // behind the name, which is in parentheses and may hold anything
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if (state != 'T' && state != 'Z' && state != 'X') {
                    return false;
                }
            }
            return true;
        } catch (IOException ended) {
            // a thread ended while it was looked at: look again
            return false;
        }
    }
}
