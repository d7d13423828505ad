package io.anymq.brokers;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Erlang's port mapper for one node or cluster alone. An Erlang node would otherwise start one that outlives it; this one hangs on
 * its owner's pipe like the node itself.
 */
final class PortMapper {
    private static final long SECONDS = 5;
    private static final String SCRIPT =
            "\"$0\" -port \"$1\" -address 127.0.0.1 & mapper=$!; read x; kill -9 $mapper; wait $mapper 2>/dev/null";

    private final Process shell;

    private PortMapper(Process shell) {
        this.shell = shell;
    }

    static PortMapper start(String program, int port) {
        try {
            return new PortMapper(new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT, program, Integer.toString(port)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new LocalBrokerException("could not start /bin/sh: " + e.getMessage(), e);
        }
    }

    /** Ends the mapper by ending its pipe; a signal would reach the shell only. */
    void stop() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new LocalBrokerException("Erlang's port mapper did not stop within " + SECONDS + " s");
            }
        } catch (IOException e) {
            throw new LocalBrokerException("could not stop Erlang's port mapper: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while stopping Erlang's port mapper", e);
        }
    }
}
