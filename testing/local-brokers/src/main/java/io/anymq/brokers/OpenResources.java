package io.anymq.brokers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Closes, at the JVM's orderly end, resources that are still open. It also keeps open resources reachable: a collected
 * {@link Process} would close its pipe, and the child would die with it.
 */
final class OpenResources {
    /** Something that can be closed at the JVM's end. */
    interface Resource {
        /** Sends SIGKILL without waiting for locks, so that a start in progress fails at once. */
        void abandon();

        void close();
    }

    private static final Deque<Resource> OPEN = new ArrayDeque<>();
    private static boolean hooked;

    private OpenResources() {}

    static void add(Resource resource) {
        synchronized (OPEN) {
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(OpenResources::closeAll, "local-brokers-shutdown"));
                hooked = true;
            }
            OPEN.push(resource);
        }
    }

    static void remove(Resource resource) {
        synchronized (OPEN) {
            OPEN.remove(resource);
        }
    }

    private static void closeAll() {
        List<Resource> left;
        synchronized (OPEN) {
            left = new ArrayList<>(OPEN);
        }
        left.forEach(Resource::abandon);
        for (Resource resource : left) {
            try {
                resource.close();
            } catch (LocalBrokerException e) {
                Console.line("during JVM shutdown: " + e.getMessage());
            }
        }
    }
}
