package io.anymq.bench.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Handles keys in order on several threads, as a careful user of a plain client would: one queue per thread, chosen
 * by the key's hash.
 */
final class KeyedWorkers {
    private final List<BlockingQueue<Runnable>> queues = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    /** {@code capacity} is the most that is ever submitted and not done; a queue takes all of it, so nothing blocks. */
    KeyedWorkers(int workers, int capacity) {
        for (int i = 0; i < workers; i++) {
            BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(capacity);
            Thread thread = new Thread(() -> work(queue), "raw-handler-" + i);
            queues.add(queue);
            threads.add(thread);
            thread.start();
        }
    }

    void submit(int keyHash, Runnable task) throws InterruptedException {
        int spread = keyHash * 0x9E3779B9;
        queues.get((spread >>> 16) % queues.size()).put(task);
    }

    private void work(BlockingQueue<Runnable> queue) {
        try {
            while (true) {
                Runnable task = queue.poll(50, TimeUnit.MILLISECONDS);
                if (task != null) {
                    task.run();
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws InterruptedException {
        closing = true;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
    }
}
