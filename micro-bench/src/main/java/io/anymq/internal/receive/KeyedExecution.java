package io.anymq.internal.receive;

import io.anymq.Queue;
import io.anymq.internal.support.SystemTimeSource;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.util.Map;
import java.util.Optional;
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

/** The keyed executor without anything around it: from the receive thread to a handler thread, in the order of the key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class KeyedExecution {
    private static final int BURST = 20_000;
    private static final int GROUP = 100;
    private static final int CONCURRENCY = 8;

    /** How many keys the messages have; all with one key is the worst case. */
    @Param({"1", "1000"})
    public int keys = 1;

    private ExecutorService threads = Executors.newCachedThreadPool();
    private SystemTimeSource time = new SystemTimeSource("micro");
    private KeyedExecutor executor = new KeyedExecutor(threads, time, CONCURRENCY, null, new Finish());
    private InboundMessage[] messages = {};
    private final int[] lastOfKey = new int[1_000];
    private final AtomicInteger handled = new AtomicInteger();
    private CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable String flaw;

    /** Starts the threads. */
    @Setup
    public void open() {
        threads = Executors.newCachedThreadPool();
        time = new SystemTimeSource("micro");
        executor = new KeyedExecutor(threads, time, CONCURRENCY, null, new Finish());
        messages = new InboundMessage[keys];
        for (int key = 0; key < keys; key++) {
            messages[key] = new Keyed(Integer.toString(key));
        }
    }

    /** Submitted in groups, as they come from a broker; ends when all have run, each once and in the order of its key. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void work() throws InterruptedException {
        java.util.Arrays.fill(lastOfKey, -1);
        handled.set(0);
        over = new CountDownLatch(1);
        for (int number = 0; number < BURST; number++) {
            int key = number % keys;
            InboundMessage message = messages[key];
            Work work = new Work(NO_LOOP, QUEUE, message, message.key());
            work.attempt = number;
            work.tries = key;
            executor.submit(work);
            if (number % GROUP == GROUP - 1) {
                executor.kick();
            }
        }
        if (!over.await(10, TimeUnit.SECONDS) || handled.get() != BURST) {
            throw new IllegalStateException(handled.get() + " of " + BURST + " were handled");
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

    private static final Queue QUEUE = Queue.of("micro");

    /** The executor never looks at it. */
    @SuppressWarnings("NullAway")
    private static final ReceiveLoop NO_LOOP = null;

    /** In place of the layers: the work is over as soon as it has begun. */
    private final class Finish implements KeyedExecutor.Pipeline {
        @Override
        public void run(Work work) {
            if (lastOfKey[work.tries] >= work.attempt) {
                flaw = "a work was run after a later one of its key";
            }
            lastOfKey[work.tries] = work.attempt;
            executor.finished(work);
            if (handled.incrementAndGet() == BURST) {
                over.countDown();
            }
        }

        @Override
        public void flush() {}

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean gathered(Work work) {
            return false;
        }

        @Override
        public void defect(Throwable failure) {
            flaw = "a work failed: " + failure;
        }
    }

    /** A message with nothing but a key. */
    private record Keyed(String key) implements InboundMessage {
        private static final Lane LANE = new Lane("micro");
        private static final byte[] BODY = {};

        @Override
        public String id() {
            return key;
        }

        @Override
        public byte[] body() {
            return BODY;
        }

        @Override
        public String contentType() {
            return "";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public long sentAtMillis() {
            return 0;
        }

        @Override
        public long deliverAtMillis() {
            return 0;
        }

        @Override
        public int deliveryCount() {
            return 1;
        }

        @Override
        public Lane lane() {
            return LANE;
        }

        @Override
        public void attemptStarting(int attempt) {}

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }
    }
}
