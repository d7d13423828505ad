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

    /** Waits until no thread of a killed process is left that could use its memory; where there is no /proc, not at all. */
    static void awaitEnded(long pid, Duration limit) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        long deadline = System.nanoTime() + limit.toNanos();
        while (!hasEnded(stat)) {
            if (System.nanoTime() - deadline > 0) {
                throw new LocalBrokerException(
                        "process " + pid + " still exists " + limit.toSeconds() + " s after SIGKILL");
            }
            Thread.onSpinWait();
        }
    }

    private static boolean hasEnded(Path stat) {
        try {
            String line = Files.readString(stat);
            // not collected by its parent yet
            char state = line.charAt(line.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException gone) {
            return true;
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
