package io.anymq.simulation.scheduler;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real thread that lends itself to simulated ones, one after another. It runs only while it holds the baton of its
 * scheduler.
 */
final class Carrier extends Thread {
    private static final ConcurrentLinkedDeque<Carrier> IDLE = new ConcurrentLinkedDeque<>();

    /** Read by this thread, and by others only while it does not run. */
    @Nullable
    SimulatedThread simulated;

    private volatile boolean mayRun;

    private Carrier() {
        super("simulation-carrier");
        setDaemon(true);
    }

    /** A carrier that waits for {@link #resumeNow()} to run {@code thread}. */
    static Carrier lend(SimulatedThread thread) {
        Carrier carrier = IDLE.pollFirst();
        if (carrier == null) {
            carrier = new Carrier();
            carrier.simulated = thread;
            carrier.start();
        } else {
            carrier.simulated = thread;
        }
        return carrier;
    }

    void resumeNow() {
        mayRun = true;
        LockSupport.unpark(this);
    }

    void pause() {
        while (!mayRun) {
            LockSupport.park(this);
        }
        mayRun = false;
    }

    @Override
    public void run() {
        while (true) {
            pause();
            SimulatedThread thread = simulated;
            if (thread != null) {
                setContextClassLoader(thread.getContextClassLoader());
                Scheduler scheduler = thread.scheduler;
                scheduler.runOn(thread);
                simulated = null;
                // only now may another thread get this carrier, when it no longer waits for a baton
                IDLE.addFirst(this);
                scheduler.passOn();
            }
        }
    }
}
