package io.anymq.internal.receive.keys;

import io.anymq.VirtualTime;
import io.anymq.internal.support.Sneaky;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A keyed executor whose threads, time and tasks do nothing until the test says so. */
abstract class OnKeyedExecutor {
    /** Threads that run nothing by themselves. */
    static final class SteppedThreads implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        boolean refuses;

        @Nullable
        Exception failure;

        boolean failsAfterRunning;

        @Override
        public void execute(Runnable runnable) {
            Exception thrown = failure;
            if (thrown != null) {
                if (failsAfterRunning) {
                    runnable.run();
                }
                throw Sneaky.thrown(thrown);
            }
            if (refuses) {
                throw new RejectedExecutionException("full");
            }
            tasks.add(runnable);
        }

        void runAll() {
            Runnable runnable = tasks.poll();
            while (runnable != null) {
                runnable.run();
                runnable = tasks.poll();
            }
        }
    }

    /** Runs the action that the test has for a task, or {@code otherwise}, which finishes it. */
    static final class ScriptedPipeline implements KeyedExecutor.Pipeline {
        final List<String> ran = new ArrayList<>();
        final Map<String, Consumer<TestTask>> actions = new HashMap<>();
        final Set<String> gather = new HashSet<>();
        final List<TestTask> batch = new ArrayList<>();
        final List<Throwable> defects = new ArrayList<>();
        boolean rejecting;
        Consumer<List<TestTask>> onFlush = done -> {};
        Consumer<TestTask> otherwise = task -> {};

        void run(TestTask task) {
            ran.add(task.id());
            if (gather.remove(task.id())) {
                batch.add(task);
                return;
            }
            actions.getOrDefault(task.id(), otherwise).accept(task);
        }

        @Override
        public void flush() {
            if (!batch.isEmpty()) {
                List<TestTask> taken = List.copyOf(batch);
                batch.clear();
                onFlush.accept(taken);
            }
        }

        @Override
        public void executorFailed(@Nullable Throwable failure) {
            rejecting = failure != null;
        }

        @Override
        public void defect(KeyedTask task, Throwable failure) {
            defects.add(failure);
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean gathered(KeyedTask task) {
            return !batch.isEmpty() && batch.get(batch.size() - 1) == task;
        }
    }

    final VirtualTime time = new VirtualTime();
    final SteppedThreads threads = new SteppedThreads();
    final ScriptedPipeline script = new ScriptedPipeline();

    final KeyedExecutor executor(int concurrency) {
        return executor(concurrency, null);
    }

    final KeyedExecutor executor(int concurrency, @Nullable RateLimiter limiter) {
        KeyedExecutor executor = new KeyedExecutor(threads, time, concurrency, limiter, script);
        script.otherwise = executor::finished;
        return executor;
    }

    final TestTask task(String id, @Nullable String key) {
        return new TestTask(id, key, script::run);
    }

    final TestTask submit(KeyedExecutor executor, String id, @Nullable String key) {
        TestTask task = task(id, key);
        executor.submit(task);
        executor.kick();
        return task;
    }
}
