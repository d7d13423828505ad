package io.anymq.internal.send;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.MessagingEvent.SendEnded;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.ProducerOptions;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.TimeSource;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.ConfirmWatch;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Nanos;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of already encoded messages to one address: window, sender, outcome, time-out. Producers, dead letters,
 * delayed retries and redrives all go through here. Thread-safe.
 */
public final class Sending {
    private static final Logger log = LoggerFactory.getLogger(Sending.class);
    private static final Duration SWEEP = Duration.ofMillis(250);

    private final EngineContext engine;
    private final Destination destination;
    private final ProducerOptions options;
    private final BrokerSender sender;
    private final InFlightWindow window;
    private final OrderGuard guard;
    private final @Nullable OrderedRetry retry;
    private final CallbackQueue callbacks;
    private final ConfirmWatch.Sends confirms;
    /** The futures go to user code, whose stages may block. */
    private final boolean handsOut;

    private volatile boolean closed;
    /** The sweep for late sends has ended. */
    private volatile boolean over;
    /** The last outcome was a failure to reach the broker. */
    private volatile boolean cutOff;

    private volatile TimeSource.Cancellable sweep;

    /** Opens a sender to {@code address}, which is provisioned; {@code destination} is what receipts say. */
    public Sending(
            EngineContext engine, Address address, Destination destination, ProducerOptions options, boolean guarded) {
        this.engine = engine;
        this.destination = destination;
        this.options = options;
        this.sender = engine.connection()
                .openSender(address, new SenderOptions(options.maxInFlight(), outcomeWithin(options.sendTimeout())));
        this.callbacks = engine.callbacks().queue("the producer for " + destination);
        this.confirms = engine.confirms().open(destination.toString(), engine.time());
        this.handsOut = guarded;
        this.window = new InFlightWindow(options.maxInFlight());
        this.guard = new OrderGuard(guarded ? destination.ordering() : Ordering.UNORDERED);
        this.retry = guarded && options.retry()
                ? new OrderedRetry(this, destination.ordering(), options.maxInFlight())
                : null;
        this.sweep = engine.time().schedule(this::sweep, SWEEP);
    }

    /** Leaves time for an outcome to travel from the vendor's client to here before the sweep gives up. */
    static Duration outcomeWithin(Duration sendTimeout) {
        return Duration.ofNanos(Nanos.of(sendTimeout) / 10 * 9);
    }

    /** Sends; the future ends with a receipt or a {@link SendException}, within the send time-out. */
    public CompletableFuture<Receipt> send(EncodedMessage message) {
        PendingSend send = new PendingSend(this, message, engine.time().nanoTime());
        MessagingException refusal = enter(send);
        if (refusal != null) {
            return refuse(send.id(), send.key(), refusal);
        }
        try {
            if (retry != null) {
                sendRepeatable(retry, send);
                return send;
            }
            handOver(send);
            if (!send.ended()) {
                window.remember(send);
                if (over) {
                    send.giveUp(closedBeforeConfirm());
                }
            }
        } catch (Throwable e) {
            // an Error, such as an overflow of the caller's stack: its place in the window must not be lost
            send.giveUp(new MessagingException(ErrorCode.INTERNAL, "the send failed: " + Failures.text(e), true, e));
        }
        return send;
    }

    /** In the window first: a send of its key that fails at this moment must find it there. */
    private void sendRepeatable(OrderedRetry repeating, PendingSend send) {
        window.remember(send);
        if (!repeating.holds(send)) {
            if (guard.blocks(send.key())) {
                send.rejected(keyBlocked(send.key()));
            } else {
                handOver(send);
            }
        }
        if (over && !send.ended()) {
            send.giveUp(closedBeforeConfirm());
        }
    }

    /**
     * Hands it to the adapter on the thread that sends or repeats. An exception leaves open whether the message is
     * stored.
     */
    void handOver(OutboundMessage message) {
        try {
            sender.send(message);
        } catch (Throwable e) {
            message.unknown(new MessagingException(ErrorCode.INTERNAL, "the adapter failed to send: " + e, true, e));
        }
    }

    void schedule(Runnable task, Duration delay) {
        engine.time().schedule(task, delay);
    }

    List<PendingSend> outstanding() {
        return window.outstanding();
    }

    boolean isOver() {
        return over;
    }

    @Nullable
    OrderedRetry retry() {
        return retry;
    }

    /** A failure of this send is about to be reported: nothing of its key may be handed over before that. */
    void failing(PendingSend send) {
        if (retry == null) {
            guard.failed(send.key());
        } else {
            retry.failing(send);
        }
    }

    /** An attempt that is repeated tells as much about the broker as one that is not. */
    void attemptFailed(MessagingException error) {
        if (error.isRetryable()) {
            cutOff = true;
            confirms.failed(error.getMessage());
        }
    }

    private @Nullable MessagingException enter(PendingSend send) {
        if (closed) {
            return closedException();
        }
        if (guard.blocks(send.key())) {
            return keyBlocked(send.key());
        }
        try {
            if (!window.enter(options.maxBlock())) {
                return new MessagingException(
                        ErrorCode.FULL,
                        "the in-flight window is full: " + options.maxInFlight() + " sends to " + destination
                                + " are unconfirmed or wait for earlier stages, and none ended within "
                                + Nanos.of(options.maxBlock()) / 1_000_000
                                + " ms; send more slowly, do not block in stages of sends, or raise"
                                + " anymq.producer.max-in-flight",
                        true,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new MessagingException(
                    ErrorCode.CLOSED,
                    "the sending thread was interrupted while waiting for room in the in-flight window",
                    true,
                    e);
        }
        // the wait for room may have been long
        MessagingException refusal =
                closed ? closedException() : guard.blocks(send.key()) ? keyBlocked(send.key()) : null;
        if (refusal != null) {
            window.leave();
        }
        return refusal;
    }

    /** Whether a send that waited in its adapter may go on; if an earlier one of its key has failed, it ends here. */
    boolean mayLeave(PendingSend send) {
        if (guard.blocks(send.key()) && send.isUnderWay()) {
            send.rejected(keyBlocked(send.key()));
            return false;
        }
        return retry == null || retry.mayLeave(send);
    }

    private MessagingException closedException() {
        return new MessagingException(ErrorCode.CLOSED, "the producer for " + destination + " is closed");
    }

    private static MessagingException closedBeforeConfirm() {
        return new MessagingException(
                ErrorCode.CLOSED,
                "the producer was closed before the broker confirmed the message; it may or may not be stored");
    }

    MessagingException keyBlocked(@Nullable String key) {
        return new MessagingException(
                ErrorCode.KEY_BLOCKED,
                "an earlier send to " + destination + " failed"
                        + (key == null ? "" : " for key '" + io.anymq.Escape.forLog(key) + "'")
                        + ", so this one was not sent because it would leave a gap; call "
                        + (guard.blocksAll() ? "resume()" : "resumeKey with this key")
                        + ", then send the failed message again or go on without it");
    }

    /** Ends a send that never reached the sender. */
    CompletableFuture<Receipt> refuse(String id, @Nullable String key, MessagingException refusal) {
        if (refusal.code() != ErrorCode.CLOSED && refusal.code() != ErrorCode.KEY_BLOCKED) {
            guard.failed(key);
        }
        SendException failure = SendException.rejected(id, refusal);
        if (engine.observers().any()) {
            tell(id, key, Duration.ZERO, failure);
        }
        return CompletableFuture.failedFuture(failure);
    }

    /** Its permit stays out until {@link #leave}. */
    void ended(PendingSend send, @Nullable SendException failure) {
        if (failure != null) {
            // before the permit is free: a sender that waits for room must see the gap
            if (OrderedRetry.leavesGap(failure)) {
                guard.failed(send.key());
            }
            if (failure.isRetryable()) {
                cutOff = true;
                confirms.failed(failure.getMessage());
            }
        } else {
            confirms.confirmed();
            if (cutOff) {
                cutOff = false;
                engine.reconnectSignal().signal();
            }
        }
        window.forget(send);
        if (retry != null) {
            retry.ended(send, failure != null && OrderedRetry.leavesGap(failure));
        }
    }

    /** Gives back its permit. */
    void leave() {
        window.leave();
    }

    void tell(PendingSend send, @Nullable SendException failure) {
        if (engine.observers().any()) {
            tell(send.id(), send.key(), Duration.ofNanos(engine.time().nanoTime() - send.startNanos), failure);
        }
    }

    /** Whether observers may be called on this thread. */
    boolean mayTellHere() {
        return !engine.observers().any() || !engine.callbacks().isOnTimer();
    }

    boolean handsOut() {
        return handsOut;
    }

    CallbackQueue callbacks() {
        return callbacks;
    }

    private void tell(String id, @Nullable String key, Duration duration, @Nullable SendException failure) {
        engine.observers().tell(MessagingObserver::sendEnded, new SendEnded(destination, id, key, duration, failure));
    }

    private void sweep() {
        if (over) {
            return;
        }
        try {
            long limit = Nanos.of(options.sendTimeout());
            long now = engine.time().nanoTime();
            int open = 0;
            long oldest = now;
            for (PendingSend send : window.outstanding()) {
                if (now - send.startNanos > limit) {
                    send.giveUp(PendingSend.timedOut(limit / 1_000_000));
                } else {
                    open++;
                    oldest = Math.min(oldest - now, send.startNanos - now) + now;
                }
            }
            confirms.look(open, oldest, now);
        } finally {
            sweep = engine.time().schedule(this::sweep, SWEEP);
        }
    }

    CompletableFuture<Void> flush() {
        Stream<CompletableFuture<?>> outstanding =
                window.outstanding().stream().map(send -> send.handle((receipt, failure) -> null));
        // those that have an outcome may still wait for the turn of their stages
        return CompletableFuture.allOf(
                Stream.concat(outstanding, Stream.of(callbacks.flushed())).toArray(CompletableFuture<?>[]::new));
    }

    OrderGuard guard() {
        return guard;
    }

    int inFlight() {
        return window.inFlight();
    }

    public Destination destination() {
        return destination;
    }

    <V> Optional<V> unwrap(Class<V> type) {
        return sender.unwrap(type);
    }

    private static void awaitEnd(CompletableFuture<?> future, long deadline)
            throws InterruptedException, TimeoutException {
        try {
            future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // its caller knows
        }
    }

    /**
     * Waits for sends in flight, which end within the send time-out as usual, then closes the sender; the rest
     * ends as UNKNOWN.
     */
    public void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        long nanos = Nanos.of(timeout);
        long deadline = System.nanoTime() + nanos;
        try {
            for (PendingSend send : window.outstanding()) {
                awaitEnd(send, deadline);
            }
            awaitEnd(callbacks.flushed(), deadline);
        } catch (TimeoutException e) {
            // the rest is reported below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            sender.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } catch (Throwable e) {
            log.warn("Closing the sender to {} failed: {}", destination, e.toString());
        }
        over = true;
        sweep.cancel();
        confirms.close();
        for (PendingSend send : window.outstanding()) {
            send.giveUp(closedBeforeConfirm());
        }
    }
}
