package io.anymq.internal.receive.keys;

import io.anymq.internal.support.SystemTimeSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The keyed executor without anything around it: from the receive thread to a handler thread, in the order of the key.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class KeyedExecution {
    private static final int BURST = 20_000;
    private static final int GROUP = 100;
    private static final int CONCURRENCY = 8;

    /** The number of keys of the messages; one key for all is the worst case. */
    @Param({"1", "1000"})
    public int keys = 1;

    private ExecutorService threads = Executors.newCachedThreadPool();
    private SystemTimeSource time = new SystemTimeSource("micro");
    private KeyedExecutor executor = new KeyedExecutor(threads, time, CONCURRENCY, null, new Plain());
    private String[] names = {};
    private final int[] lastOfKey = new int[1_000];
    private final AtomicInteger handled = new AtomicInteger();
    private CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable String flaw;

    /** Starts the threads. */
    @Setup
    public void open() {
        threads = Executors.newCachedThreadPool();
        time = new SystemTimeSource("micro");
        executor = new KeyedExecutor(threads, time, CONCURRENCY, null, new Plain());
        names = new String[keys];
        for (int key = 0; key < keys; key++) {
            names[key] = Integer.toString(key);
        }
    }

    /**
     * Submitted in groups, as they come from a broker; ends when all have run, each once and in the order of its key.
     */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void work() throws InterruptedException {
        java.util.Arrays.fill(lastOfKey, -1);
        handled.set(0);
        over = new CountDownLatch(1);
        for (int number = 0; number < BURST; number++) {
            int key = number % keys;
            executor.submit(new Numbered(key, number));
            if (number % GROUP == GROUP - 1) {
                executor.kick();
            }
        }
        if (!over.await(10, TimeUnit.SECONDS) || handled.get() != BURST) {
            throw new IllegalStateException(handled.get() + " of " + BURST + " tasks were handled");
        }
        String found = flaw;
        if (found != null) {
            throw new IllegalStateException(found);
        }
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        executor.stop();
        threads.shutdown();
        time.close();
    }

    /** In place of the layers: it is over as soon as it has begun. */
    private final class Numbered extends KeyedTask {
        private final int key;
        private final int number;

        Numbered(int key, int number) {
            super(names[key]);
            this.key = key;
            this.number = number;
        }

        @Override
        protected void run() {
            if (lastOfKey[key] >= number) {
                flaw = "a task was run after a later one of its key";
            }
            lastOfKey[key] = number;
            executor.finished(this);
            if (handled.incrementAndGet() == BURST) {
                over.countDown();
            }
        }
    }

    /** Handles nothing in batches. */
    private final class Plain implements KeyedExecutor.Pipeline {
        @Override
        public void flush() {}

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean gathered(KeyedTask task) {
            return false;
        }

        @Override
        public void defect(@Nullable KeyedTask task, Throwable failure) {
            flaw = "a task failed: " + failure;
        }
    }
}
