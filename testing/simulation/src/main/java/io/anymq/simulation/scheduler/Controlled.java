package io.anymq.simulation.scheduler;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replacements for JDK calls in instrumented code. Each method does what the replaced one does, but waits
 * by handing over, and reads the virtual clock. Called by simulated threads only, but for class initializers.
 */
@SuppressWarnings("unused") // by instrumented code
public final class Controlled {
    private Controlled() {}

    private static SimulatedThread me() {
        SimulatedThread thread = Scheduler.currentThread();
        if (thread == null) {
            throw new IllegalStateException("this code must run under a scheduler");
        }
        return thread;
    }

    // ---- scheduling

    /** Before an access to something that threads share. */
    public static void point() {
        SimulatedThread me = Scheduler.currentThread();
        if (me != null) {
            me.scheduler.point(me);
        }
    }

    /** A class is being initialized, once in the life of a JVM: that must not change what follows. */
    public static void beginQuiet() {
        SimulatedThread me = Scheduler.currentThread();
        if (me != null) {
            me.quiet++;
        }
    }

    /** The end of {@link #beginQuiet()}. */
    public static void endQuiet() {
        SimulatedThread me = Scheduler.currentThread();
        if (me != null) {
            me.quiet--;
        }
    }

    /** Whether the calling thread holds no lock, no monitor and no map's bin, so that it may block without harm. */
    public static boolean holdsNothing() {
        SimulatedThread me = me();
        return me.locks == 0 && me.quiet == 0;
    }

    /** Something whose waiting or chance the simulation does not control. */
    public static void unknown(String what) {
        throw new UnsupportedOperationException("the simulation does not control " + what);
    }

    static long deadline(long nanos) {
        long now = me().scheduler.now();
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    /** Waits for a condition, at most so long. */
    public static void await(BooleanSupplier until, long nanos) {
        SimulatedThread me = me();
        me.scheduler.await(me, until, deadline(nanos), false);
    }

    /** Like {@link #await(BooleanSupplier, long)}, until the thread is interrupted. */
    public static void awaitInterruptibly(BooleanSupplier until, long nanos) throws InterruptedException {
        SimulatedThread me = me();
        me.scheduler.await(me, until, deadline(nanos), true);
        if (me.interrupted) {
            me.interrupted = false;
            throw new InterruptedException();
        }
    }

    /** Lets virtual time pass. */
    public static void sleep(long nanos) throws InterruptedException {
        awaitInterruptibly(() -> false, nanos);
    }

    // ---- java.lang.System

    public static long nanoTime() {
        return me().scheduler.now();
    }

    public static long currentTimeMillis() {
        return me().scheduler.now() / 1_000_000;
    }

    // ---- java.lang.Thread

    public static Thread currentThread() {
        SimulatedThread me = Scheduler.currentThread();
        return me == null ? Thread.currentThread() : me;
    }

    public static boolean interrupted() {
        SimulatedThread me = me();
        boolean was = me.interrupted;
        me.interrupted = false;
        return was;
    }

    public static void yieldNow() {
        SimulatedThread me = me();
        me.scheduler.yieldTurn(me);
    }

    public static void join(Thread thread) throws InterruptedException {
        awaitInterruptibly(() -> ((SimulatedThread) thread).ended, Long.MAX_VALUE);
    }

    public static void join(Thread thread, long millis) throws InterruptedException {
        awaitInterruptibly(
                () -> ((SimulatedThread) thread).ended,
                millis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis));
    }

    public static boolean isAlive(Thread thread) {
        SimulatedThread simulated = (SimulatedThread) thread;
        return simulated.carrier != null && !simulated.ended;
    }

    // ---- java.lang.ThreadLocal

    public static <T> ThreadLocal<T> withInitial(Supplier<? extends T> supplier) {
        return new SimulatedThreadLocal<>(supplier);
    }

    // ---- java.util.concurrent.locks.LockSupport

    public static void park() {
        parkNanos(Long.MAX_VALUE);
    }

    public static void park(Object blocker) {
        parkNanos(Long.MAX_VALUE);
    }

    public static void parkNanos(Object blocker, long nanos) {
        parkNanos(nanos);
    }

    public static void parkNanos(long nanos) {
        SimulatedThread me = me();
        if (nanos > 0) {
            me.scheduler.await(me, () -> me.permit, deadline(nanos), true);
            me.permit = false;
        }
    }

    public static void unpark(@Nullable Thread thread) {
        point();
        if (thread != null) {
            ((SimulatedThread) thread).permit = true;
        }
    }

    // ---- monitors

    public static void enter(Object monitor) {
        SimulatedThread me = me();
        me.scheduler.enter(me, monitor);
    }

    public static void exit(Object monitor) {
        SimulatedThread me = me();
        me.scheduler.exit(me, monitor);
        me.scheduler.point(me);
    }

    // ---- java.util.concurrent.Executor

    /** What a seeded defect makes of {@link Executor#execute}. */
    public static void runAtOnce(Executor executor, Runnable task) {
        task.run();
    }

    // ---- java.util.concurrent.locks.ReentrantLock

    public static void lock(ReentrantLock lock) {
        SimulatedThread me = me();
        me.scheduler.point(me);
        while (!lock.tryLock()) {
            me.scheduler.await(me, () -> !lock.isLocked(), Long.MAX_VALUE, false);
        }
        me.locks++;
    }

    public static boolean tryLock(ReentrantLock lock) {
        SimulatedThread me = me();
        me.scheduler.point(me);
        boolean got = lock.tryLock();
        me.locks += got ? 1 : 0;
        return got;
    }

    public static void unlock(ReentrantLock lock) {
        SimulatedThread me = me();
        lock.unlock();
        me.locks--;
        me.scheduler.point(me);
    }

    public static Condition newCondition(ReentrantLock lock) {
        return new SimulatedCondition(lock);
    }

    // ---- other places to wait at

    public static void await(CountDownLatch latch) throws InterruptedException {
        awaitInterruptibly(() -> latch.getCount() == 0, Long.MAX_VALUE);
    }

    public static boolean await(CountDownLatch latch, long time, TimeUnit unit) throws InterruptedException {
        awaitInterruptibly(() -> latch.getCount() == 0, unit.toNanos(time));
        return latch.getCount() == 0;
    }

    public static void acquire(Semaphore semaphore) throws InterruptedException {
        while (!semaphore.tryAcquire()) {
            awaitInterruptibly(() -> semaphore.availablePermits() > 0, Long.MAX_VALUE);
        }
    }

    public static boolean tryAcquire(Semaphore semaphore, long time, TimeUnit unit) throws InterruptedException {
        point();
        long deadline = deadline(unit.toNanos(time));
        while (!semaphore.tryAcquire()) {
            long left = deadline - nanoTime();
            if (left <= 0) {
                return false;
            }
            awaitInterruptibly(() -> semaphore.availablePermits() > 0, left);
        }
        return true;
    }

    public static <T> T join(CompletableFuture<T> future) {
        if (!isOfItsOwnKind(future)) {
            awaitDone(future);
        }
        return future.join();
    }

    /** Whether its class may have something to say before a thread waits; it comes back here for the waiting. */
    private static boolean isOfItsOwnKind(CompletableFuture<?> future) {
        return future.getClass() != CompletableFuture.class;
    }

    /** Before {@code super.join()} of such a class. */
    public static void awaitDone(CompletableFuture<?> future) {
        await(future::isDone, Long.MAX_VALUE);
    }

    public static <T> T get(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        awaitInterruptibly(future::isDone, Long.MAX_VALUE);
        return future.get();
    }

    public static <T> T get(CompletableFuture<T> future, long time, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        awaitInterruptibly(future::isDone, unit.toNanos(time));
        if (!future.isDone()) {
            throw new TimeoutException();
        }
        return future.get();
    }

    // ---- collections that call back while they hold a lock of their own

    public static <K, V> @Nullable V computeIfAbsent(Map<K, V> map, K key, Function<? super K, ? extends V> function) {
        point();
        beginQuiet();
        try {
            return map.computeIfAbsent(key, function);
        } finally {
            endQuiet();
        }
    }

    public static <K, V> @Nullable V computeIfPresent(
            Map<K, V> map, K key, BiFunction<? super K, ? super V, ? extends V> function) {
        point();
        beginQuiet();
        try {
            return map.computeIfPresent(key, function);
        } finally {
            endQuiet();
        }
    }

    public static <K, V> @Nullable V compute(
            Map<K, V> map, K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        point();
        beginQuiet();
        try {
            return map.compute(key, function);
        } finally {
            endQuiet();
        }
    }

    public static <K, V> @Nullable V merge(
            Map<K, V> map, K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
        point();
        beginQuiet();
        try {
            return map.merge(key, value, function);
        } finally {
            endQuiet();
        }
    }

    // ---- collections whose order depends on the JVM

    public static <K, V> Map<K, V> copyOfMap(Map<? extends K, ? extends V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    public static <E> Set<E> copyOfSet(Collection<? extends E> elements) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(elements));
    }
}
