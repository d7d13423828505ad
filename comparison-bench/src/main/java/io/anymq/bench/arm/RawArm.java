package io.anymq.bench.arm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a careful user builds around a vendor's client, whichever it is: a cap on the sends in flight, one thread that receives,
 * handlers that keep the order of keys, settlement after the handler, and an orderly end. A broken client is noticed by the next
 * send: a run must not wait for confirms that can no longer arrive.
 */
abstract class RawArm implements Arm {
    private static final long PATIENCE_SECONDS = 30;
    private static final long END_SECONDS = 10;

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final List<ExecutorService> handlers = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable ArmContext context;
    private Semaphore room = new Semaphore(0);
    private @Nullable Thread receiver;
    private volatile @Nullable Throwable broken;
    private volatile boolean closing;

    /** Connects and makes the destination. */
    abstract void connect(ArmContext opened) throws Exception;

    /** Hands a message to the vendor's client; {@code end} is called exactly once, from any thread. */
    abstract void transmit(String key, byte[] payload, Completion end) throws Exception;

    /** Settles what is done, once all handlers and the receiving thread have ended. */
    abstract void settleLast() throws Exception;

    /** One step of the receiving thread; {@code mayTake} is false while enough is in flight, and at the end. */
    @FunctionalInterface
    interface Step {
        void run(boolean mayTake) throws Exception;
    }

    @Override
    public final void open(ArmContext opened) throws Exception {
        context = opened;
        room = new Semaphore(opened.maxInFlight());
        connect(opened);
    }

    final ArmContext context() {
        return Objects.requireNonNull(context, "open comes first");
    }

    final String setting(String name) {
        return Objects.requireNonNull(context().vendor().get(name), name);
    }

    final int number(String name) {
        return Integer.parseInt(setting(name));
    }

    /** Closes it at the end, before what was passed here earlier. */
    final void closing(AutoCloseable resource) {
        resources.push(resource);
    }

    /** From now on nothing can be sent; the first reason stays. */
    final void broken(Throwable reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    @Override
    public final void send(String key, byte[] payload, Completion completion) throws Exception {
        Throwable failure = broken;
        if (failure != null) {
            throw new IllegalStateException("the plain client broke", failure);
        }
        if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no confirm within " + PATIENCE_SECONDS + " s");
        }
        transmit(key, payload, error -> {
            room.release();
            completion.ended(error);
        });
    }

    /** Starts the handlers, a queue for each thread. No more than {@code capacity} messages are ever handed over and not done. */
    final void startHandlers(int capacity) {
        for (int i = 0; i < context().handlers(); i++) {
            String name = "raw-handler-" + i;
            BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(capacity);
            handlers.add(new ThreadPoolExecutor(
                    1, 1, 0, TimeUnit.SECONDS, queue, task -> new Thread(task, name), RawArm::refuse));
        }
    }

    /** At the end the broker keeps what is not settled; before, a message must not be lost in silence. */
    private static void refuse(Runnable task, ThreadPoolExecutor handler) {
        if (!handler.isShutdown()) {
            throw new RejectedExecutionException("more messages are in flight than may be");
        }
    }

    /** Handles a message after all of its key that came before it. */
    final void hand(int keyHash, Runnable task) {
        inFlight.incrementAndGet();
        handlers.get(((keyHash * 0x9E3779B9) >>> 16) % handlers.size()).execute(() -> {
            try {
                task.run();
            } finally {
                inFlight.decrementAndGet();
            }
        });
    }

    /** Receives on one thread until the arm is closed and nothing is in flight any more. */
    final void startReceiving(Step step) {
        Thread thread = new Thread(() -> receive(step), "raw-receive");
        receiver = thread;
        thread.start();
    }

    private void receive(Step step) {
        try {
            while (!closing || inFlight.get() > 0) {
                step.run(!closing && inFlight.get() < context().maxInFlight());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            broken(e);
        }
    }

    @Override
    public final void close() throws Exception {
        boolean idle = broken != null
                || context == null
                || room.tryAcquire(context().maxInFlight(), END_SECONDS, TimeUnit.SECONDS);
        closing = true;
        if (receiver != null) {
            receiver.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        }
        for (ExecutorService handler : handlers) {
            handler.shutdown();
            handler.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        }
        Exception failure =
                idle ? null : new IllegalStateException("sends had no answer " + END_SECONDS + " s after the end");
        resources.push(this::settleLast);
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
