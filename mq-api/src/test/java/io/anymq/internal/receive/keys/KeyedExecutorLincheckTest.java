package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Tries the interleavings of one receive thread and two handler threads: no two works of a key at once, each key in its
 * order, and none forgotten when everybody has gone home.
 */
class KeyedExecutorLincheckTest {
    private static final int KEYS = 2;
    private static final int CONCURRENCY = 2;

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(120)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(0)
                .minimizeFailedScenario(false);
    }

    @Test
    void keysKeepTheirOrderAndNothingIsForgotten() {
        options().check(Sound.class);
    }

    /** The same with a key that is freed before its task has ended: that the test would notice. */
    @Test
    void aKeyThatIsFreedTooEarlyIsNoticed() {
        assertThatThrownBy(() -> options().check(FreesTooEarly.class)).hasMessageContaining("IllegalStateException");
    }

    /** Correct use. */
    public static class Sound extends Scene {
        public Sound() {
            super(false);
        }

        /** Called when all threads have ended. */
        @Validate
        public void allIsHandled() {
            finish();
        }
    }

    /** Incorrect use. */
    public static class FreesTooEarly extends Scene {
        public FreesTooEarly() {
            super(true);
        }

        /** Called when all threads have ended. */
        @Validate
        public void allIsHandled() {
            finish();
        }
    }

    /** The operations that Lincheck calls. */
    abstract static class Scene implements KeyedExecutor.Pipeline {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final AtomicIntegerArray running = new AtomicIntegerArray(KEYS);
        private final List<List<String>> handled = new ArrayList<>();
        private final int[] submitted = new int[KEYS];
        private final boolean freesTooEarly;
        private final KeyedExecutor executor;

        Scene(boolean freesTooEarly) {
            this.freesTooEarly = freesTooEarly;
            for (int key = 0; key < KEYS; key++) {
                handled.add(new ArrayList<>());
            }
            executor = new KeyedExecutor(tasks::add, new LaterTasks(), CONCURRENCY, null, this);
        }

        @Operation(nonParallelGroup = "receive thread")
        public void submitOne() {
            submit(0);
            executor.kick();
        }

        @Operation(nonParallelGroup = "receive thread")
        public void submitTwoOfOtherKeys() {
            submit(0);
            submit(1);
            executor.kick();
        }

        private void submit(int key) {
            executor.submit(new TestTask(Integer.toString(submitted[key]++), Integer.toString(key), this::run));
        }

        @Operation
        public void task() {
            Runnable runnable = tasks.poll();
            if (runnable != null) {
                runnable.run();
            }
        }

        @Override
        public void defect(KeyedTask task, Throwable failure) {
            throw new AssertionError(failure);
        }

        private void run(TestTask task) {
            int key = Integer.parseInt(task.key());
            if (freesTooEarly) {
                executor.finished(task);
            }
            if (!running.compareAndSet(key, 0, 1)) {
                throw new IllegalStateException("two works of key " + key + " at once");
            }
            handled.get(key).add(task.id());
            running.set(key, 0);
            if (!freesTooEarly) {
                executor.finished(task);
            }
        }

        /** The rest is done by later workers. */
        final void finish() {
            for (Runnable runnable = tasks.poll(); runnable != null; runnable = tasks.poll()) {
                runnable.run();
            }
            for (int key = 0; key < KEYS; key++) {
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < submitted[key]; i++) {
                    expected.add(Integer.toString(i));
                }
                if (!handled.get(key).equals(expected)) {
                    throw new IllegalStateException("of key " + key + " were handled " + handled.get(key));
                }
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

        /** Timers ring some time: as one more thing that a handler thread finds to do. */
        private final class LaterTasks implements TimeSource {
            @Override
            public long currentTimeMillis() {
                return 0;
            }

            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public Cancellable schedule(Runnable runnable, Duration delay) {
                tasks.add(runnable);
                return () -> {};
            }
        }
    }
}
