package io.anymq.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a thread of this JVM run before others where the system allows it. The thread that offers a load at a rate stands for the
 * world outside, which does not slow down because these processors are busy.
 */
public final class Precedence {
    private static final Logger LOG = LoggerFactory.getLogger(Precedence.class);
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NICE = "-10";
    private static final List<String> RENICE = List.of("renice", "-n", NICE, "-p");
    private static final long PATIENCE_SECONDS = 2;

    private Precedence() {}

    /** Whether it may and can be: on Linux, with the right to. Asked with a process that ends at once. */
    public static boolean isAllowed() throws InterruptedException {
        try {
            return Files.isDirectory(THREADS) && succeeds(List.of("sh", "-c", String.join(" ", RENICE) + " $$"));
        } catch (IOException e) {
            LOG.debug("renice is not available; threads keep their priority", e);
            return false;
        }
    }

    /** Does nothing where it is not allowed. */
    static void give(String threadName) throws InterruptedException {
        if (!Files.isDirectory(THREADS)) {
            return;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).trim().equals(threadName)) {
                    List<String> command = new ArrayList<>(RENICE);
                    command.add(thread.getFileName().toString());
                    succeeds(command);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} keeps its normal priority", threadName, e);
        }
    }

    private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
        Process renice = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!renice.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            renice.destroyForcibly();
            return false;
        }
        return renice.exitValue() == 0;
    }
}
