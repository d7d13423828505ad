package io.anymq.brokers.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class and halts the JVM as soon as standard input ends.
 *
 * <p>The owner holds the other end of the pipe. The operating system closes it whichever way the owner ends, SIGKILL
 * included, so the process cannot outlive its owner.
 *
 * <p>Usage: {@code java -cp … io.anymq.brokers.launch.OwnedMain <main class> [arguments]}.
 */
public final class OwnedMain {

    /** Exit status after the owner went away. */
    public static final int OWNER_GONE = 97;

    private OwnedMain() {}

    /**
     * Starts the watch on standard input, then calls the named main method on this thread.
     *
     * @param args the main class's name followed by its own arguments
     * @throws Throwable whatever the called main method throws
     */
    public static void main(String[] args) throws Throwable {
        if (args.length == 0) {
            throw new IllegalArgumentException("the first argument must be the main class to run");
        }
        InputStream ownersPipe = System.in;
        Thread watch = new Thread(() -> haltAtEnd(ownersPipe), "owner-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void haltAtEnd(InputStream ownersPipe) {
        try {
            ownersPipe.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("owner watch: could not read standard input: " + e);
        }
        Runtime.getRuntime().halt(OWNER_GONE);
    }
}
