package io.anymq.internal.receive;

import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.receive.redelivery.HeldBack;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Lane;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends the messages in flight of lanes that go to another consumer, or of all lanes (null) at a close. For the receive
 * thread only.
 */
final class Handover {
    private final KeyedExecutor executor;
    private final InFlight inFlight;
    private final HeldBack held;
    private final Settlements settlements;
    private final ReceiveThread thread;

    Handover(KeyedExecutor executor, InFlight inFlight, HeldBack held, Settlements settlements, ReceiveThread thread) {
        this.executor = executor;
        this.inFlight = inFlight;
        this.held = held;
        this.settlements = settlements;
        this.thread = thread;
    }

    /** Cancels tasks that have not begun and calls back waiting ones; running ones continue. */
    void cancel(@Nullable Set<Lane> lanes) {
        inFlight.forEach(lanes, task -> {
            if (executor.cancel(task)) {
                inFlight.remove(task);
            }
        });
        held.remove(lanes);
    }

    /** Settles what ends until then; {@code deadlineNanos} is asked again and again, since a close may bring it forward. */
    void awaitFinished(BrokerReceiver open, @Nullable Set<Lane> lanes, LongSupplier deadlineNanos) {
        settlements.apply(open);
        for (long left = left(deadlineNanos); inFlight.has(lanes) && left > 0; left = left(deadlineNanos)) {
            thread.await(Math.min(ReceiveThread.KEEP_ALIVE_NANOS, left), settlements::areWaiting);
            settlements.apply(open);
            if (lanes == null) {
                thread.keepAlive(open);
            }
        }
    }

    private static long left(LongSupplier deadlineNanos) {
        return deadlineNanos.getAsLong() - System.nanoTime();
    }

    /** Gives up what has not finished in time, or was lost: no attempt is spent, also where a handler still runs. */
    void abandon(@Nullable Set<Lane> lanes) {
        fence(lanes, Task::abandonAttempt);
    }

    /** The same for all lanes, but attempts that began at {@code latestMillis} or before are spent. */
    void abandonBegunAfter(long latestMillis) {
        fence(null, task -> task.abandonAttemptBegunAfter(latestMillis));
    }

    /** From now on the broker is told nothing about messages of these lanes. */
    void fence(@Nullable Set<Lane> lanes) {
        fence(lanes, task -> {});
    }

    private void fence(@Nullable Set<Lane> lanes, Consumer<Task> after) {
        inFlight.forEach(lanes, task -> {
            task.fenced = true;
            inFlight.remove(task);
            executor.cancel(task);
            // when no attempt begins any more that does not look whether it is fenced
            after.accept(task);
        });
        held.remove(lanes);
    }
}
