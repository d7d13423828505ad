package io.anymq.internal.receive;

import io.anymq.ErrorCode;
import io.anymq.MessagingEvent.Settled;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Source;
import io.anymq.internal.receive.policy.OpenChain;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.support.Observers;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.TransactionalReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The mailbox from the handler threads to the receive thread: tasks that have ended, and chains to commit. Any thread
 * adds, the receive thread {@linkplain #apply applies}.
 */
final class Settlements {
    private final Source source;
    private final Observers observers;
    private final InFlight inFlight;
    private final IntSupplier enough;
    private final Object lock = new Object();
    private volatile boolean waiting;

    // guarded by the lock
    private List<Task> ended = new ArrayList<>();
    private List<OpenChain> chains = List.of();
    private boolean over;
    /** Enough had come together, whatever is enough by now. */
    private boolean woken;

    /** Empty, kept for the next swap; used by the receive thread only. */
    private List<Task> spare = new ArrayList<>();

    /** {@code enough}: with so many it is worth waking the receive thread. */
    Settlements(Source source, Observers observers, InFlight inFlight, IntSupplier enough) {
        this.source = source;
        this.observers = observers;
        this.inFlight = inFlight;
        this.enough = enough;
    }

    /** Whether there is something to apply. */
    boolean areWaiting() {
        return waiting;
    }

    /** Takes a task that has ended; true if enough have come together to wake the receive thread. */
    boolean add(Task task) {
        synchronized (lock) {
            ended.add(task);
            waiting = true;
            if (woken || ended.size() < enough.getAsInt()) {
                return false;
            }
            woken = true;
            return true;
        }
    }

    /** Takes a chain, which fails at once if the message has gone to another consumer. */
    void add(OpenChain chain) {
        synchronized (lock) {
            if (!over && !chain.task.fenced) {
                if (chains.isEmpty()) {
                    chains = new ArrayList<>();
                }
                chains.add(chain);
                waiting = true;
                return;
            }
        }
        chain.failed(notOwned());
    }

    /** Refuses chains from now on and fails those that wait. */
    void end() {
        synchronized (lock) {
            over = true;
        }
        takeChains().forEach(chain -> chain.failed(notOwned()));
    }

    /** Tells the broker, on the receive thread. */
    void apply(BrokerReceiver receiver) {
        if (!waiting) {
            return;
        }
        applyChains(receiver);
        List<Task> batch;
        synchronized (lock) {
            batch = ended;
            ended = spare;
            woken = false;
            // chains may have come while others were being committed
            waiting = !chains.isEmpty();
        }
        List<InboundMessage> done = new ArrayList<>(batch.size());
        for (Task task : batch) {
            if (isSettled(task)) {
                done.add(task.message);
            }
        }
        try {
            if (!done.isEmpty()) {
                receiver.acknowledge(done);
            }
            // not before: what the broker was not told is still in flight
            for (Task task : batch) {
                if (!task.fenced) {
                    inFlight.remove(task);
                }
            }
        } finally {
            batch.clear();
            spare = batch;
        }
        tellSettled(done);
    }

    private static boolean isSettled(Task task) {
        return !task.fenced && !task.committed && task.verdict != null && task.verdict.settles();
    }

    private void applyChains(BrokerReceiver receiver) {
        List<OpenChain> taken = takeChains();
        if (taken.isEmpty()) {
            return;
        }
        List<OpenChain> owned = new ArrayList<>(taken.size());
        for (OpenChain chain : taken) {
            if (!chain.task.fenced) {
                owned.add(chain);
            }
        }
        try {
            if (!owned.isEmpty()) {
                ((TransactionalReceiver) receiver).commit(owned);
            }
        } finally {
            // those without an outcome yet: fenced ones, and all that an exception left behind
            taken.forEach(chain -> chain.failed(notOwned()));
        }
        List<InboundMessage> done = new ArrayList<>(owned.size());
        for (OpenChain chain : owned) {
            if (chain.task.committed) {
                done.add(chain.task.message);
            }
        }
        tellSettled(done);
    }

    private List<OpenChain> takeChains() {
        synchronized (lock) {
            List<OpenChain> taken = chains;
            chains = List.of();
            return taken;
        }
    }

    private void tellSettled(List<InboundMessage> done) {
        if (observers.any()) {
            for (InboundMessage message : done) {
                observers.tell(MessagingObserver::settled, new Settled(source, message.id(), message.key()));
            }
        }
    }

    private static MessagingException notOwned() {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                "the message was given to another consumer before its outputs were sent",
                true,
                null);
    }
}
