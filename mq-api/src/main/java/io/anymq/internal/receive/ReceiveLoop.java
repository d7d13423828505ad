package io.anymq.internal.receive;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingEvent.Settled;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.OpenChain;
import io.anymq.internal.receive.policy.Origin;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.receive.redelivery.DelayStage;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.TransactionalReceiver;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to a {@link BrokerReceiver}: it receives while there is room, carries settlements back, keeps
 * the membership alive, hands lanes over, opens the receiver anew when it fails, and drains at the end. Everything about
 * what is in flight is touched by this thread only; others leave settlements and wake it.
 */
final class ReceiveLoop implements Runnable, LaneListener, Origin {
    private static final Logger log = LoggerFactory.getLogger(ReceiveLoop.class);
    private static final Duration RECEIVE_WAIT = Duration.ofMillis(100);
    private static final long KEEP_ALIVE_NANOS = 500_000_000L;
    private static final long FORCED_GRACE_NANOS = 1_000_000_000L;
    private static final int LANE_BATCH = 16;
    private static final String TOTAL_KEY = "";

    /** What the loop asks of its consumer. */
    interface Host {
        boolean isPaused();

        void healthChanged(ReceiveLoop loop, Health health);

        void failed(MessagingException error);

        void interruptHandlers();
    }

    private final EngineContext engine;
    private final Source source;
    private final Address address;
    private final boolean lanesHoldBack;
    private final ReceiverOptions options;
    private final KeyedExecutor executor;
    private final DelayStage entry;
    private final Host host;
    private final int settleAtOnce;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    // touched by any thread
    private final Object settlementLock = new Object();
    private List<Task> settlements = new ArrayList<>();
    private List<OpenChain> chains = List.of();
    private boolean over;
    private volatile boolean settlementsWaiting;
    private volatile boolean receiving;
    private volatile boolean waiting;
    private volatile boolean woken;
    private volatile boolean closing;
    private volatile boolean forced;
    private volatile long drainDeadline;
    /** Written by the receive thread only. */
    private final AtomicInteger inFlight = new AtomicInteger();

    private volatile @Nullable Thread thread;
    private volatile @Nullable BrokerReceiver receiver;

    // touched by the receive thread only
    private List<Task> spare = new ArrayList<>();
    private @Nullable Task first;
    private final Map<Lane, ArrayDeque<InboundMessage>> held = new LinkedHashMap<>();
    private long lastReceive;
    /** Of {@link EngineContext#brokerReturn}, before the receiver was opened. */
    private long returns;

    ReceiveLoop(
            EngineContext engine,
            Source source,
            Address address,
            ReceiverOptions options,
            KeyedExecutor executor,
            DelayStage entry,
            Host host) {
        this.engine = engine;
        this.source = source;
        this.address = address;
        this.lanesHoldBack = address instanceof Address.Redelivery;
        this.options = options;
        this.executor = executor;
        this.entry = entry;
        this.host = host;
        this.settleAtOnce = Math.max(1, options.maxInFlight() / 4);
    }

    /** Ends when the receiver is open for the first time, or failed for good. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** From now on handlers are interrupted, and their failures are not the fault of their messages. */
    void force() {
        forced = true;
    }

    @Override
    public boolean isForcedToEnd() {
        return forced;
    }

    <V> Optional<V> unwrap(Class<V> type) {
        BrokerReceiver current = receiver;
        return current == null ? Optional.empty() : current.unwrap(type);
    }

    /**
     * Leaves a finished task for the receive thread, which is woken only when many wait or it cannot go on without them:
     * a wake-up for each message would cost more than the message.
     */
    @Override
    public void settle(Task task) {
        boolean enough;
        synchronized (settlementLock) {
            settlements.add(task);
            settlementsWaiting = true;
            enough = settlements.size() == settleAtOnce;
        }
        if (enough || waiting) {
            wake();
        }
    }

    /** As {@link #settle}, for a task whose outputs are to be sent in the same transaction. */
    @Override
    public void commit(OpenChain chain) {
        boolean refused;
        synchronized (settlementLock) {
            refused = over || chain.task.fenced;
            if (!refused) {
                if (chains.isEmpty()) {
                    chains = new ArrayList<>();
                }
                chains.add(chain);
                settlementsWaiting = true;
            }
        }
        if (refused) {
            chain.failed(notOwned());
        } else if (waiting) {
            wake();
        }
    }

    private static MessagingException notOwned() {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                "the message was given to another consumer before its outputs were sent",
                true,
                null);
    }

    private List<OpenChain> takeChains() {
        synchronized (settlementLock) {
            List<OpenChain> taken = chains;
            chains = List.of();
            return taken;
        }
    }

    /** Called by a worker that has nothing left to do: what it settled need not wait for more. */
    void settleSoon() {
        if (settlementsWaiting && receiving) {
            wake();
        }
    }

    /** Makes the receive thread look around: settlements, pause, close. */
    void wake() {
        woken = true;
        if (receiving) {
            BrokerReceiver current = receiver;
            if (current != null) {
                current.wakeup();
            }
        } else if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    /** Asks the loop to drain and end by then. */
    void close(long deadlineNanos) {
        drainDeadline = deadlineNanos;
        closing = true;
        LockSupport.unpark(thread);
        wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        int failures = 0;
        while (!closing) {
            try {
                returns = engine.brokerReturn().count();
                BrokerReceiver open = engine.connection().openReceiver(address, options, this);
                receiver = open;
                DeclaredAbilities.require(open, address, engine.capabilities());
                failures = 0;
                if (opened.complete(null)) {
                    host.healthChanged(this, Health.up("receiving from " + source.path()));
                } else {
                    log.info("receiving from {} again", source.path());
                    engine.brokerReturn().notice();
                    host.healthChanged(this, Health.up("receiving from " + source.path() + " again"));
                }
                pump(open);
                drain(open);
            } catch (MessagingException e) {
                failures = recover(e, failures);
            } catch (RuntimeException | Error e) {
                failures = recover(
                        new MessagingException(ErrorCode.INTERNAL, "the adapter failed: " + e, true, e), failures);
            } finally {
                closeReceiver();
            }
        }
        synchronized (settlementLock) {
            over = true;
        }
        takeChains().forEach(chain -> chain.failed(notOwned()));
        opened.completeExceptionally(
                new MessagingException(ErrorCode.CLOSED, "the consumer was closed before it could receive"));
    }

    /** Everything in flight belongs to nobody now; wait and open anew, or give up. */
    private int recover(MessagingException error, int failures) {
        abandonAll();
        closeReceiver();
        if (closing) {
            return failures;
        }
        if (!error.isRetryable() || !opened.isDone()) {
            closing = true;
            opened.completeExceptionally(error);
            host.failed(error);
            return failures;
        }
        int count = failures + 1;
        Duration pause = Backoff.beforeOpeningAgain(count);
        if (count == 1) {
            log.warn("receiving from {} failed: {}; opened anew until it works", source.path(), error.getMessage());
        }
        host.healthChanged(this, Health.degraded("cannot receive from " + source.path() + ": " + error.getMessage()));
        pauseUntilBrokerReturns(pause);
        return count;
    }

    /** Somebody else may find the broker there again; a pause of a moment remains, in case it fails for us alone. */
    private void pauseUntilBrokerReturns(Duration longest) {
        Thread me = Thread.currentThread();
        engine.brokerReturn().join(me);
        try {
            Duration shortest = Backoff.beforeOpeningAgain(1);
            await(shortest.toNanos(), () -> closing);
            await(
                    longest.minus(shortest).toNanos(),
                    () -> closing || engine.brokerReturn().count() != returns);
        } finally {
            engine.brokerReturn().leave(me);
        }
    }

    private void pump(BrokerReceiver open) {
        lastReceive = System.nanoTime();
        while (!closing) {
            applySettlements(open);
            long nextDue = releaseHeld(open);
            int capacity = host.isPaused() ? 0 : options.maxInFlight() - inFlight.get();
            if (capacity <= 0) {
                await(KEEP_ALIVE_NANOS, () -> settlementsWaiting || closing || woken);
                woken = false;
                keepAlive(open);
                continue;
            }
            List<? extends InboundMessage> messages = receive(open, capacity, nextDue);
            if (!messages.isEmpty()) {
                for (InboundMessage message : messages) {
                    accept(open, message);
                }
                executor.kick();
            }
        }
    }

    private List<? extends InboundMessage> receive(BrokerReceiver open, int capacity, long nextDue) {
        receiving = true;
        try {
            Duration wait = settlementsWaiting || closing
                    ? Duration.ZERO
                    : nextDue < RECEIVE_WAIT.toNanos() ? Duration.ofNanos(nextDue) : RECEIVE_WAIT;
            lastReceive = System.nanoTime();
            return open.receive(lanesHoldBack ? Math.min(LANE_BATCH, capacity) : capacity, wait);
        } finally {
            receiving = false;
        }
    }

    private void keepAlive(BrokerReceiver open) {
        long now = System.nanoTime();
        if (now - lastReceive >= KEEP_ALIVE_NANOS) {
            lastReceive = now;
            open.receive(0, Duration.ZERO);
        }
    }

    private void await(long nanos, java.util.function.BooleanSupplier until) {
        waiting = true;
        try {
            long deadline = System.nanoTime() + nanos;
            while (!until.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting = false;
        }
    }

    private void accept(BrokerReceiver open, InboundMessage message) {
        if (lanesHoldBack) {
            ArrayDeque<InboundMessage> queue = held.get(message.lane());
            if (queue != null || remainingInLane(message) > 0) {
                if (queue == null) {
                    queue = new ArrayDeque<>();
                    held.put(message.lane(), queue);
                    ((PausableReceiver) open).pause(message.lane());
                }
                queue.add(message);
                return;
            }
        }
        start(message);
    }

    private void start(InboundMessage message) {
        Task task = new Task(this, source, message, orderingKey(message));
        task.next = first;
        if (first != null) {
            first.previous = task;
        }
        first = task;
        inFlight.lazySet(inFlight.get() + 1);
        entry.accept(task);
    }

    private @Nullable String orderingKey(InboundMessage message) {
        return switch (source.ordering()) {
            case UNORDERED -> null;
            case PER_KEY -> message.key();
            case TOTAL -> TOTAL_KEY;
        };
    }

    private long remainingInLane(InboundMessage message) {
        long until = Task.headerNumber(message.headers(), WireHeaders.LANE_UNTIL);
        return until == 0 ? 0 : until - engine.time().currentTimeMillis();
    }

    /** Starts what may leave its lane; returns the nanoseconds until the next one may. */
    private long releaseHeld(BrokerReceiver open) {
        if (held.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        boolean started = false;
        for (Lane lane : List.copyOf(held.keySet())) {
            ArrayDeque<InboundMessage> queue = held.get(lane);
            while (queue != null && !queue.isEmpty()) {
                long remaining = remainingInLane(queue.element());
                if (remaining > 0) {
                    next = Math.min(next, Math.min(remaining, RECEIVE_WAIT.toMillis()) * 1_000_000);
                    break;
                }
                start(queue.remove());
                started = true;
            }
            if (queue != null && queue.isEmpty()) {
                held.remove(lane);
                ((PausableReceiver) open).resume(lane);
            }
        }
        if (started) {
            executor.kick();
        }
        return next;
    }

    private void applySettlements(BrokerReceiver open) {
        if (!settlementsWaiting) {
            return;
        }
        applyChains(open);
        List<Task> batch;
        synchronized (settlementLock) {
            batch = settlements;
            settlements = spare;
            // Chains may have come while others were being committed.
            settlementsWaiting = !chains.isEmpty();
        }
        List<InboundMessage> done = new ArrayList<>(batch.size());
        for (Task task : batch) {
            if (task.fenced) {
                continue;
            }
            forget(task);
            if (task.committed) {
                continue;
            }
            if (task.verdict != null && task.verdict.settles()) {
                done.add(task.message);
            }
        }
        batch.clear();
        spare = batch;
        if (!done.isEmpty()) {
            open.acknowledge(done);
            tellSettled(done);
        }
    }

    private void applyChains(BrokerReceiver open) {
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
                ((TransactionalReceiver) open).commit(owned);
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

    private void tellSettled(List<InboundMessage> done) {
        if (engine.observers().any()) {
            for (InboundMessage message : done) {
                engine.observers().tell(MessagingObserver::settled, new Settled(source, message.id(), message.key()));
            }
        }
    }

    private void forget(Task task) {
        Task before = task.previous;
        Task after = task.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        task.previous = null;
        task.next = null;
        inFlight.lazySet(inFlight.get() - 1);
    }

    /** Stops what was not begun and calls back what waits; what runs goes on. */
    private void cancel(@Nullable Set<Lane> lanes) {
        Task task = first;
        while (task != null) {
            Task following = task.next;
            if ((lanes == null || lanes.contains(task.lane)) && executor.cancel(task)) {
                forget(task);
            }
            task = following;
        }
        held.keySet().removeIf(lane -> lanes == null || lanes.contains(lane));
    }

    private void drain(BrokerReceiver open) {
        cancel(null);
        awaitFinished(open, null, drainDeadline);
        if (first != null) {
            log.warn(
                    "{} handlers of {} did not finish within the drain time-out and are interrupted",
                    inFlight.get(),
                    source.path());
            host.interruptHandlers();
            awaitFinished(open, null, System.nanoTime() + FORCED_GRACE_NANOS);
            for (Task task = first; task != null; task = task.next) {
                task.fenced = true;
            }
        }
        first = null;
        inFlight.set(0);
    }

    private void awaitFinished(BrokerReceiver open, @Nullable Set<Lane> lanes, long deadline) {
        applySettlements(open);
        while (anyInFlight(lanes) && deadline - System.nanoTime() > 0) {
            await(Math.min(KEEP_ALIVE_NANOS, deadline - System.nanoTime()), () -> settlementsWaiting);
            applySettlements(open);
            if (lanes == null) {
                keepAlive(open);
            }
        }
    }

    private boolean anyInFlight(@Nullable Set<Lane> lanes) {
        if (lanes == null) {
            return first != null;
        }
        for (Task task = first; task != null; task = task.next) {
            if (lanes.contains(task.lane)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void lanesRevoked(Collection<Lane> lanes) {
        BrokerReceiver open = receiver;
        if (open == null || lanes.isEmpty()) {
            return;
        }
        boolean wasReceiving = receiving;
        receiving = false;
        Set<Lane> affected = new HashSet<>(lanes);
        cancel(affected);
        awaitFinished(open, affected, System.nanoTime() + Nanos.of(options.drainTimeout()));
        fence(affected);
        receiving = wasReceiving;
    }

    @Override
    public void lanesLost(Collection<Lane> lanes) {
        fence(new HashSet<>(lanes));
    }

    private void abandonAll() {
        fence(null);
    }

    /** From now on nothing of these lanes is told to the broker. */
    private void fence(@Nullable Set<Lane> lanes) {
        Task task = first;
        while (task != null) {
            Task following = task.next;
            if (lanes == null || lanes.contains(task.lane)) {
                task.fenced = true;
                forget(task);
                executor.cancel(task);
            }
            task = following;
        }
        held.keySet().removeIf(lane -> lanes == null || lanes.contains(lane));
    }

    private void closeReceiver() {
        BrokerReceiver open = receiver;
        receiver = null;
        if (open != null) {
            long left = closing ? Math.max(1_000_000_000L, drainDeadline - System.nanoTime()) : 5_000_000_000L;
            try {
                open.close(Duration.ofNanos(Math.min(left, 10_000_000_000L)));
            } catch (RuntimeException e) {
                log.warn("closing the receiver of {} failed: {}", source.path(), e.toString());
            }
        }
    }
}
