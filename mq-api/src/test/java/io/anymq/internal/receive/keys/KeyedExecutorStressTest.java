package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.internal.support.SystemTimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many keys, real threads, parking and pending at random: order and mutual exclusion of each key must hold. */
class KeyedExecutorStressTest {
    private static final int KEYS = 37;
    private static final int MESSAGES = 20_000;
    private static final int CONCURRENCY = 6;

    private final Map<String, Integer> last = new ConcurrentHashMap<>();
    private final Map<String, AtomicBoolean> busy = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final CountDownLatch left = new CountDownLatch(MESSAGES);

    @Test
    void orderAndMutualExclusionHoldForEveryKey() throws Exception {
        long seed = new SplittableRandom().nextLong();
        String replay = "seed " + seed;
        SplittableRandom random = new SplittableRandom(seed);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SystemTimeSource time = new SystemTimeSource("stress")) {
            Behaviour behaviour = new Behaviour(random.nextLong());
            KeyedExecutor executor = new KeyedExecutor(threads, time, CONCURRENCY, null, behaviour);
            behaviour.executor = executor;
            for (int i = 0; i < MESSAGES; i++) {
                String key = "k" + random.nextInt(KEYS);
                executor.submit(new TestTask(Integer.toString(i), key, behaviour::run));
                if (i % 7 == 0) {
                    executor.kick();
                }
                if (random.nextInt(2_000) == 0) {
                    executor.pause();
                    executor.resume();
                }
            }
            executor.kick();
            assertThat(left.await(20, TimeUnit.SECONDS))
                    .as("%s: %d messages never ended", replay, left.getCount())
                    .isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(wrong).as(replay).isEmpty();
    }

    private final class Behaviour implements KeyedExecutor.Pipeline {
        private final long seed;
        private KeyedExecutor executor;

        Behaviour(long seed) {
            this.seed = seed;
        }

        @Override
        public void defect(KeyedTask task, Throwable failure) {
            throw new AssertionError(failure);
        }

        void run(TestTask task) {
            if (running.incrementAndGet() > CONCURRENCY) {
                wrong.add("more than " + CONCURRENCY + " at once");
            }
            String key = task.key();
            int number = Integer.parseInt(task.id());
            AtomicBoolean mine = busy.computeIfAbsent(key, any -> new AtomicBoolean());
            if (!mine.compareAndSet(false, true)) {
                wrong.add(key + " overlaps at " + number);
            }
            int before = last.getOrDefault(key, -1);
            if (number < before) {
                wrong.add(key + ": " + number + " after " + before);
            }
            last.put(key, number);
            int dice = new SplittableRandom(seed + number).nextInt(10);
            boolean first = task.isFirstRun();
            mine.set(false);
            running.decrementAndGet();
            if (first && dice == 0) {
                executor.park(task, Duration.ofNanos(50_000));
            } else if (first && dice == 1) {
                executor.pend(task);
                executor.unpark(task);
            } else {
                executor.finished(task);
                left.countDown();
            }
        }

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
    }
}
