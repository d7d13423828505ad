package io.anymq.brokers;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends the signals that Java itself cannot, through the shell's built-in {@code kill}. */
final class Signals {
    private static final long SECONDS = 10;

    private Signals() {}

    static boolean supported() {
        return File.separatorChar == '/' && new File("/bin/sh").canExecute();
    }

    static void send(String signal, long pid) {
        if (!trySend(signal, pid)) {
            throw new LocalBrokerException(
                    "SIG" + signal + " could not be sent to process " + pid + "; it may have exited");
        }
    }

    /** False if there is no such process any more. */
    static boolean trySend(String signal, long pid) {
        Process shell = shell("kill -" + signal + " \"$0\"", pid);
        try {
            if (!shell.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new LocalBrokerException("sending SIG" + signal + " to process " + pid + " took too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while sending SIG" + signal + " to process " + pid, e);
        } finally {
            shell.destroyForcibly();
        }
        return shell.exitValue() == 0;
    }

    /**
     * Starts a guard that wakes a suspended process once this JVM is gone: a stopped process cannot see its owner's
     * pipe close and would stay for ever. SIGCONT does no harm, should the id belong to another process by then.
     */
    static Process wakeWhenOwnerDies(long pid) {
        return shell("read x; kill -CONT \"$0\"", pid);
    }

    /** Starts a guard that ends a server, which does not look at its owner's pipe, once this JVM is gone. */
    static Process quitWhenOwnerDies(long pid) {
        return shell("read x; kill -QUIT \"$0\"; kill -CONT \"$0\"", pid);
    }

    private static Process shell(String script, long pid) {
        try {
            return new ProcessBuilder(List.of("/bin/sh", "-c", script, Long.toString(pid)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new LocalBrokerException("could not start /bin/sh: " + e.getMessage(), e);
        }
    }
}
