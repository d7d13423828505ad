package io.anymq.internal.receive;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.receive.policy.OpenChain;
import io.anymq.internal.receive.policy.Origin;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.receive.redelivery.DelayStage;
import io.anymq.internal.receive.redelivery.HeldBack;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.HandlerTimeoutException;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to a {@link BrokerReceiver}: it receives while there is room, carries settlements back,
 * keeps the membership alive, hands lanes over, opens another receiver when one fails, and drains at the end.
 * Only this thread accesses the messages in flight; others leave settlements and wake it.
 */
final class ReceiveLoop implements Runnable, LaneListener, Origin {
    private static final Logger log = LoggerFactory.getLogger(ReceiveLoop.class);
    /** Bounds one call of the adapter, so that an adapter whose wakeup() does nothing costs no more than this. */
    private static final Duration RECEIVE_WAIT = Duration.ofMillis(100);

    private static final long FORCED_GRACE_NANOS = 500_000_000L;
    private static final int LANE_BATCH = 16;
    private static final String TOTAL_KEY = "";

    /** The consumer as seen by the loop. */
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
    private final String name;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    private final InFlight inFlight = new InFlight();
    private final Intake intake;
    private final Settlements settlements;
    private final HeldBack held;
    private final ReceiveThread thread = new ReceiveThread();
    private final Handover handover;
    private volatile boolean closing;
    private volatile boolean forced;
    private volatile long drainDeadline;

    /** The source was deleted while it was received; touched by the receive thread only. */
    private boolean missing;

    /** Of {@link EngineContext#reconnectSignal}, before the receiver was opened; touched by the receive thread only. */
    private long returns;

    private final ReopenBackoff reopening;

    /** The open receiver follows one that failed, and has not been reported yet; touched by the receive thread only. */
    private boolean unreported;

    ReceiveLoop(
            EngineContext engine,
            Source source,
            Address address,
            ReceiverOptions options,
            KeyedExecutor executor,
            DelayStage entry,
            Host host,
            String name,
            IntakeLimits limits) {
        this.engine = engine;
        this.source = source;
        this.address = address;
        this.lanesHoldBack = address instanceof Address.Redelivery;
        this.options = options;
        this.executor = executor;
        this.entry = entry;
        this.host = host;
        this.name = name;
        this.intake = new Intake(limits, source.ordering(), !lanesHoldBack, inFlight, this::roomMade);
        this.settlements = new Settlements(source, engine.observers(), inFlight, intake::enough);
        this.held = entry.heldBack();
        this.reopening = new ReopenBackoff(engine.time());
        this.handover = new Handover(executor, inFlight, held, settlements, thread);
    }

    /** Completes when the receiver is open for the first time or has failed permanently. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    String name() {
        return name;
    }

    int inFlight() {
        return inFlight.count();
    }

    int window() {
        return intake.window();
    }

    int blocked() {
        return intake.blocked();
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
        BrokerReceiver current = thread.receiver();
        return current == null ? Optional.empty() : current.unwrap(type);
    }

    /**
     * Leaves an ended task for the receive thread, which is woken only when many wait or it cannot go on without them:
     * a wake-up for each message would cost more than the message.
     */
    @Override
    public void settle(Task task) {
        if (settlements.add(task) || thread.isParked()) {
            wake();
        }
    }

    @Override
    public void commit(OpenChain chain) {
        settlements.add(chain);
        if (thread.isParked()) {
            wake();
        }
    }

    /** Called when a message begins to wait: another may have its place. */
    private void roomMade() {
        if (thread.isParked()) {
            wake();
        }
    }

    /** Called by a worker that has nothing left to do: its settlements need not wait for more. */
    void settleSoon() {
        if (settlements.areWaiting() && thread.isReceiving()) {
            wake();
        }
    }

    /** Makes the receive thread look around: settlements, pause, close. */
    void wake() {
        thread.wake();
    }

    /** Asks the loop to drain and end by then. */
    void close(long deadlineNanos) {
        drainDeadline = deadlineNanos;
        closing = true;
        wake();
    }

    @Override
    public void run() {
        thread.begin();
        while (!closing) {
            try {
                returns = engine.reconnectSignal().count();
                if (missing) {
                    Provisioning.provision(engine, source);
                    missing = false;
                }
                BrokerReceiver open = engine.connection().openReceiver(address, options, this);
                thread.use(open);
                DeclaredAbilities.require(open, address, engine.capabilities());
                intake.opened(open);
                reopening.opened();
                if (opened.complete(null)) {
                    host.healthChanged(this, Health.up("receiving from " + source.path()));
                } else {
                    unreported = true;
                    reportUnlessDoubtful();
                }
                pump(open);
                drain(open);
            } catch (MessagingException e) {
                recover(e);
            } catch (Throwable e) {
                recover(new MessagingException(ErrorCode.INTERNAL, "the adapter failed: " + e, true, e));
            } finally {
                closeReceiver();
            }
        }
        settlements.end();
        opened.completeExceptionally(
                new MessagingException(ErrorCode.CLOSED, "the consumer was closed before it could receive"));
    }

    /** A receiver that can be opened but fails every time is no broker that is back. */
    private void reportUnlessDoubtful() {
        if (unreported && !reopening.isDoubtful()) {
            unreported = false;
            log.info("Receiving from {} again", source.path());
            engine.reconnectSignal().signal();
            host.healthChanged(this, Health.up("receiving from " + source.path() + " again"));
        }
    }

    /** Messages in flight may now go to another consumer; waits and opens again, or gives up. */
    private void recover(MessagingException error) {
        if (error instanceof HandlerTimeoutException late) {
            handover.abandonBegunAfter(
                    engine.time().currentTimeMillis() - late.limit().toMillis());
        } else {
            handover.abandon(null);
        }
        closeReceiver();
        if (closing) {
            return;
        }
        missing = opened.isDone() && error.code() == ErrorCode.NOT_FOUND;
        if (!opened.isDone() || !(error.isRetryable() || missing)) {
            closing = true;
            opened.completeExceptionally(error);
            host.failed(error);
            return;
        }
        Duration pause = reopening.failed();
        if (reopening.isFirstFailure()) {
            log.warn("Receiving from {} failed: {}; reconnecting with backoff", source.path(), error.getMessage());
        }
        host.healthChanged(this, Health.degraded("cannot receive from " + source.path() + ": " + error.getMessage()));
        pauseUntilReconnect(pause);
    }

    /**
     * Another part of the client may find the broker back first; a short pause remains, in case it fails here alone.
     */
    private void pauseUntilReconnect(Duration longest) {
        Thread me = Thread.currentThread();
        engine.reconnectSignal().register(me);
        try {
            Duration shortest = Backoff.beforeOpeningAgain(1);
            thread.await(shortest.toNanos(), () -> closing);
            thread.await(
                    longest.minus(shortest).toNanos(),
                    () -> closing
                            || (!reopening.isFailingEarly()
                                    && engine.reconnectSignal().count() != returns));
        } finally {
            engine.reconnectSignal().unregister(me);
        }
    }

    private void pump(BrokerReceiver open) {
        while (!closing) {
            reportUnlessDoubtful();
            settlements.apply(open);
            long nextDue = releaseHeld(open);
            int capacity = host.isPaused() ? 0 : intake.capacity(open, System.nanoTime());
            if (capacity <= 0) {
                thread.awaitWake(
                        ReceiveThread.KEEP_ALIVE_NANOS,
                        () -> settlements.areWaiting() || closing || (!host.isPaused() && intake.hasRoom()));
                thread.keepAlive(open);
                continue;
            }
            List<? extends InboundMessage> messages = receive(open, capacity, nextDue);
            if (!messages.isEmpty()) {
                reopening.received();
                intake.received(messages.size());
                for (InboundMessage message : messages) {
                    accept(open, message);
                }
                executor.kick();
            }
        }
    }

    private List<? extends InboundMessage> receive(BrokerReceiver open, int capacity, long nextDue) {
        thread.beginReceiving();
        Duration wait = settlements.areWaiting() || closing
                ? Duration.ZERO
                : nextDue < RECEIVE_WAIT.toNanos() ? Duration.ofNanos(nextDue) : RECEIVE_WAIT;
        return thread.receive(open, lanesHoldBack ? Math.min(intake.few(LANE_BATCH), capacity) : capacity, wait);
    }

    private void accept(BrokerReceiver open, InboundMessage message) {
        if (!lanesHoldBack || !held.keep(open, message)) {
            start(message);
        }
    }

    private void start(InboundMessage message) {
        Task task = new Task(this, source, message, orderingKey(message));
        inFlight.add(task);
        intake.started(task);
        entry.accept(task);
    }

    private @Nullable String orderingKey(InboundMessage message) {
        return switch (source.ordering()) {
            case UNORDERED -> null;
            case PER_KEY -> message.key();
            case TOTAL -> TOTAL_KEY;
        };
    }

    /** Starts messages that may leave their lane; returns the nanoseconds until the next one may. */
    private long releaseHeld(BrokerReceiver open) {
        if (held.isEmpty()) {
            return Long.MAX_VALUE;
        }
        int before = inFlight.count();
        long next = held.startDue(open, RECEIVE_WAIT.toMillis(), this::start);
        if (inFlight.count() != before) {
            executor.kick();
        }
        return next;
    }

    private void drain(BrokerReceiver open) {
        handover.cancel(null);
        handover.awaitFinished(open, null, () -> drainDeadline);
        if (inFlight.has(null)) {
            log.warn(
                    "{} handlers of {} did not finish within the drain time-out; interrupting them",
                    inFlight.count(),
                    source.path());
            host.interruptHandlers();
            long forced = System.nanoTime() + FORCED_GRACE_NANOS;
            handover.awaitFinished(open, null, () -> forced);
            handover.abandon(null);
        }
        inFlight.clear();
    }

    @Override
    public void lanesRevoked(Collection<Lane> lanes) {
        BrokerReceiver open = thread.receiver();
        if (open == null || lanes.isEmpty()) {
            return;
        }
        Set<Lane> affected = new HashSet<>(lanes);
        long latest = System.nanoTime() + Nanos.of(options.drainTimeout());
        thread.insideReceive(() -> {
            handover.cancel(affected);
            handover.awaitFinished(open, affected, () -> handoverDeadline(latest));
            handover.abandon(affected);
            intake.forget(affected);
        });
    }

    /** A consumer that closes may be asked for its lanes meanwhile, which must not take longer than the close. */
    private long handoverDeadline(long latest) {
        return closing && drainDeadline - latest < 0 ? drainDeadline : latest;
    }

    @Override
    public void lanesLost(Collection<Lane> lanes) {
        Set<Lane> lost = new HashSet<>(lanes);
        handover.fence(lost);
        intake.forget(lost);
    }

    private void closeReceiver() {
        BrokerReceiver open = thread.receiver();
        thread.use(null);
        if (open != null) {
            long left = closing ? Math.max(1_000_000_000L, drainDeadline - System.nanoTime()) : 5_000_000_000L;
            try {
                open.close(Duration.ofNanos(Math.min(left, 10_000_000_000L)));
            } catch (Throwable e) {
                log.warn(
                        "Could not close the receiver of {}: {}; continuing with the close",
                        source.path(),
                        e.toString());
            }
        }
    }
}
