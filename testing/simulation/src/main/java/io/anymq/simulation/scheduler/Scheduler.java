package io.anymq.simulation.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program of several threads so that one seed decides everything: which thread runs, for how long, and when time
 * passes. Real threads take turns; exactly one of them runs, and it hands over where it would block and, now and then,
 * at any access to something shared. When no thread can run, time jumps to the next deadline.
 *
 * <p>Made for one run. Everything is touched only by the thread whose turn it is.
 */
public final class Scheduler {
    private static final Duration REAL_TIME_LIMIT = Duration.ofMinutes(1);

    /** When virtual time begins: nanoseconds since 1970, at the start of a millisecond. */
    private static final long BEGIN = 1_700_000_000_000_000_000L;

    /** The rate of voluntary thread switches, from never to almost always. Each seed draws one. */
    private static final int[] POINTS_BETWEEN = {1_000_000_000, 1_000, 300, 80, 20};

    private static final int LONGEST_STEP_NANOS = 20_000;

    /** A thread holds a monitor. */
    private static final class Monitor {
        final SimulatedThread owner;
        int count;

        Monitor(SimulatedThread owner) {
            this.owner = owner;
        }
    }

    /** What a thread threw: futures ask an exception for its text, which it may refuse. */
    private static final class ThreadFailure extends Exception {
        private static final long serialVersionUID = 1L;

        final Throwable thrown;

        ThreadFailure(Throwable thrown) {
            super("a simulated thread failed");
            this.thrown = thrown;
        }
    }

    private final SplittableRandom random;
    private final ClassLoader guests;
    private final long maxTurns;
    private final int pointsBetween;
    private final int jumpOneIn;
    private final List<SimulatedThread> live = new ArrayList<>();
    private final List<SimulatedThread> runnable = new ArrayList<>();
    private final IdentityHashMap<Object, Monitor> monitors = new IdentityHashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private @Nullable SimulatedThread current;
    private long now = BEGIN;
    private long turns;
    private int pointsLeft;

    /**
     * {@code guests} is the class loader that threads shall find classes with; more than {@code maxTurns} are endless.
     */
    public Scheduler(long seed, ClassLoader guests, long maxTurns) {
        this.random = new SplittableRandom(seed);
        this.guests = guests;
        this.maxTurns = maxTurns;
        this.pointsBetween = POINTS_BETWEEN[random.nextInt(POINTS_BETWEEN.length)];
        this.jumpOneIn = random.nextBoolean() ? Integer.MAX_VALUE : 20 + random.nextInt(200);
        this.pointsLeft = 1 + random.nextInt(pointsBetween);
    }

    /**
     * Runs {@code main} and every thread that comes of it to their ends.
     *
     * @throws StuckException when there is no end
     * @throws IllegalStateException with the cause, when a thread ended with an uncaught exception
     */
    public void run(Runnable main) {
        begin(new SimulatedThread(this, main, "main", "world"));
        passOn();
        try {
            over.get(REAL_TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StuckException stuck) {
                throw stuck;
            }
            Throwable cause = e.getCause();
            if (cause instanceof ThreadFailure failure) {
                cause = failure.thrown;
            }
            throw new IllegalStateException("a simulated thread failed: " + text(cause), cause);
        } catch (TimeoutException e) {
            throw new StuckException("a thread blocks in a call that the scheduler does not control:\n" + describe());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StuckException("interrupted");
        }
    }

    /** The text of an exception, or the name of its class if it refuses. */
    public static String text(@Nullable Throwable failure) {
        try {
            return String.valueOf(failure);
        } catch (Throwable e) {
            return failure == null ? "null" : failure.getClass().getName();
        }
    }

    /** The number of thread switches. */
    public long turns() {
        return turns;
    }

    /** Like {@link #isPunctual}, of this one. */
    public boolean runsPunctually() {
        return jumpOneIn == Integer.MAX_VALUE;
    }

    /** Whether time passes in this run only as far as threads take it or wait for it: none is ever slow. */
    public static boolean isPunctual() {
        return current().runsPunctually();
    }

    // ---- for threads

    static Scheduler current() {
        SimulatedThread thread = currentThread();
        if (thread == null) {
            throw new IllegalStateException("this code must run under a scheduler");
        }
        return thread.scheduler;
    }

    static @Nullable SimulatedThread currentThread() {
        return Thread.currentThread() instanceof Carrier carrier ? carrier.simulated : null;
    }

    ClassLoader guests() {
        return guests;
    }

    long now() {
        return now;
    }

    /** The process that new threads belong to: that of their maker. */
    String process() {
        SimulatedThread maker = current;
        return maker == null ? "world" : maker.process;
    }

    void begin(SimulatedThread thread) {
        thread.carrier = Carrier.lend(thread);
        live.add(thread);
    }

    /** Called by a carrier: the thread's whole life. */
    void runOn(SimulatedThread thread) {
        try {
            Runnable task = thread.task;
            if (task != null) {
                task.run();
            }
        } catch (Throwable e) {
            over.completeExceptionally(new ThreadFailure(e));
        }
        thread.ended = true;
        live.remove(thread);
    }

    /** Called by a thread that has ended; another one continues. */
    void passOn() {
        SimulatedThread next = next();
        if (next != null) {
            current = next;
            resume(next);
        }
    }

    private static void resume(SimulatedThread thread) {
        Carrier carrier = thread.carrier;
        if (carrier != null) {
            carrier.resumeNow();
        }
    }

    /** A scheduling point before an access to shared state: another thread may go first. */
    void point(SimulatedThread me) {
        if (me.quiet > 0) {
            return;
        }
        if (--pointsLeft <= 0) {
            pointsLeft = 1 + random.nextInt(pointsBetween);
            yieldTurn(me);
        } else if (me.locks == 0 && isFrozen(me)) {
            yieldTurn(me);
        }
    }

    void yieldTurn(SimulatedThread me) {
        SimulatedThread next = next();
        if (next == me) {
            return;
        }
        if (next != null) {
            current = next;
            resume(next);
        }
        // without a next one this run is over, and this thread is not to go on
        Carrier carrier = me.carrier;
        if (carrier != null) {
            carrier.pause();
        }
    }

    /**
     * Waits until the condition holds, the deadline is reached, or, if it can be, the thread is interrupted. The caller
     * looks what it was.
     */
    void await(SimulatedThread me, BooleanSupplier until, long deadline, boolean interruptible) {
        if (until.getAsBoolean() || (interruptible && me.interrupted)) {
            return;
        }
        me.until = until;
        me.deadline = deadline;
        me.interruptible = interruptible;
        yieldTurn(me);
        me.until = null;
        me.deadline = Long.MAX_VALUE;
        me.interruptible = false;
    }

    private boolean isFrozen(SimulatedThread thread) {
        return !frozen.isEmpty() && frozen.contains(thread.process);
    }

    private boolean canRun(SimulatedThread thread) {
        // one that holds a lock goes on until it does not: a killed process keeps no lock of another one's
        if (thread.locks == 0 && thread.quiet == 0 && isFrozen(thread)) {
            return false;
        }
        BooleanSupplier until = thread.until;
        return until == null
                || thread.deadline <= now
                || (thread.interruptible && thread.interrupted)
                || until.getAsBoolean();
    }

    private @Nullable SimulatedThread next() {
        if (over.isDone()) {
            return null;
        }
        if (live.isEmpty()) {
            over.complete(null);
            return null;
        }
        if (++turns > maxTurns) {
            return fail("not finished after " + maxTurns + " turns");
        }
        now += random.nextInt(LONGEST_STEP_NANOS);
        if (random.nextInt(jumpOneIn) == 0) {
            // every thread that could run was slow
            long deadline = nextDeadline();
            now = deadline == Long.MAX_VALUE ? now : Math.max(now, deadline);
        }
        while (true) {
            runnable.clear();
            for (SimulatedThread thread : live) {
                if (canRun(thread)) {
                    runnable.add(thread);
                }
            }
            if (!runnable.isEmpty()) {
                return runnable.get(runnable.size() == 1 ? 0 : random.nextInt(runnable.size()));
            }
            long deadline = nextDeadline();
            if (deadline == Long.MAX_VALUE) {
                return fail("no thread can run");
            }
            now = Math.max(now, deadline);
        }
    }

    private long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (SimulatedThread thread : live) {
            if (thread.until != null && (thread.locks > 0 || !isFrozen(thread))) {
                next = Math.min(next, thread.deadline);
            }
        }
        return next;
    }

    private @Nullable SimulatedThread fail(String why) {
        over.completeExceptionally(new StuckException(why + ":\n" + describe()));
        return null;
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (SimulatedThread thread : List.copyOf(live)) {
            text.append("  ").append(thread.getName()).append(" of ").append(thread.process);
            text.append(thread.until == null ? ", can run" : ", waits").append(isFrozen(thread) ? ", frozen" : "");
            Carrier carrier = thread.carrier;
            if (carrier != null) {
                for (StackTraceElement frame : carrier.getStackTrace()) {
                    if (frame.getClassName().startsWith("io.anymq.")
                            && !frame.getClassName().startsWith("io.anymq.simulation.scheduler.")) {
                        text.append("\n      ").append(frame);
                    }
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    // ---- processes

    /** Runs {@code task} in a new thread of {@code process}. */
    public static Thread spawn(String process, String name, Runnable task) {
        Scheduler scheduler = current();
        SimulatedThread thread = new SimulatedThread(scheduler, task, name, process);
        scheduler.begin(thread);
        return thread;
    }

    /** Stands still, as a process that is suspended or killed, until {@link #thaw}. */
    public static void freeze(String process) {
        current().frozen.add(process);
    }

    /** Goes on. */
    public static void thaw(String process) {
        current().frozen.remove(process);
    }

    // ---- monitors

    void enter(SimulatedThread me, Object object) {
        point(me);
        Monitor monitor = monitors.get(object);
        while (monitor != null && monitor.owner != me) {
            await(me, () -> !monitors.containsKey(object), Long.MAX_VALUE, false);
            monitor = monitors.get(object);
        }
        if (monitor == null) {
            monitor = new Monitor(me);
            monitors.put(object, monitor);
        }
        monitor.count++;
        me.locks++;
    }

    void exit(SimulatedThread me, Object object) {
        Monitor monitor = monitors.get(object);
        if (monitor == null || monitor.owner != me) {
            throw new IllegalMonitorStateException("the current thread does not own the monitor");
        }
        me.locks--;
        if (--monitor.count == 0) {
            monitors.remove(object);
        }
    }
}
