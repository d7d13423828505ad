package io.anymq.internal.send;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendException.Outcome;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out and the future its sender holds, in one object because there is one of each per send. The
 * first outcome reported counts.
 *
 * <p>Owns the message and how far its attempts have come. Any thread may report an outcome: {@code state} moves on by
 * compare-and-set, without a lock. {@link ReceiptFuture} knows how to complete the future.
 */
final class PendingSend extends ReceiptFuture implements OutboundMessage {
    private static final byte[] NOTHING = {};
    /** The adapter has it, or will have it in a moment. */
    private static final byte UNDER_WAY = 0;
    /** {@link OrderedRetry} has it. */
    private static final byte KEPT = 1;

    private static final byte ENDED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PendingSend.class, "state", byte.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String id;
    private final @Nullable String key;
    private final String contentType;
    private final String storedAs;
    private final Map<String, String> headers;
    private final long sentAtMillis;
    private final long deliverAtMillis;
    private final short lane;
    private byte[] body;
    private @Nullable InboundMessage received;

    final long startNanos;
    /**
     * Its place among the sends of this producer and in {@link InFlightWindow}; wraps around, so compare by difference.
     */
    int ticket;

    private volatile byte state;

    /** The failures of its attempts so far; null while none has failed. */
    private volatile @Nullable Attempts attempts;

    /** Takes the parts of {@code message}, which need not outlive the call: the body is dropped before the rest. */
    PendingSend(Sending sending, EncodedMessage message, long startNanos) {
        super(sending);
        this.id = message.id();
        this.key = message.key();
        this.body = message.body();
        this.contentType = message.contentType();
        this.storedAs = message.storedAs();
        this.headers = message.headers();
        this.sentAtMillis = message.sentAtMillis();
        this.deliverAtMillis = message.deliverAtMillis();
        this.lane = (short) message.lane();
        this.received = message.received();
        this.startNanos = startNanos;
    }

    boolean ended() {
        return state == ENDED;
    }

    boolean isUnderWay() {
        return state == UNDER_WAY;
    }

    /** False when it has ended meanwhile. */
    boolean keep() {
        return state == KEPT || STATE.compareAndSet(this, UNDER_WAY, KEPT);
    }

    @Override
    public boolean leaves() {
        return state == UNDER_WAY && sending.mayLeave(this);
    }

    @Override
    public void failing() {
        if (state == UNDER_WAY) {
            sending.failing(this);
        }
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        if (state == UNDER_WAY) {
            confirm(UNDER_WAY, nativeReceipt);
        } else {
            dropBodyIfEnded();
        }
    }

    @Override
    public void rejected(MessagingException error) {
        reported(Outcome.REJECTED, error);
    }

    @Override
    public void unknown(MessagingException error) {
        reported(Outcome.UNKNOWN, error);
    }

    private void reported(Outcome outcome, MessagingException error) {
        OrderedRetry retry = sending.retry();
        if (state != UNDER_WAY) {
            dropBodyIfEnded();
        } else if (retry != null && retry.repeats(this, error)) {
            attempts = new Attempts(error, outcome == Outcome.UNKNOWN);
            if (STATE.compareAndSet(this, UNDER_WAY, KEPT)) {
                sending.attemptFailed(error);
                retry.failed(this);
            } else {
                dropBodyIfEnded();
            }
        } else {
            dropBody();
            fail(UNDER_WAY, outcome, error);
        }
    }

    /** Hands it over to the adapter, for the first time or again. */
    void handOver() {
        Attempts before = attempts;
        if (before == null) {
            if (STATE.compareAndSet(this, KEPT, UNDER_WAY)) {
                sending.handOver(this);
            }
        } else {
            // before the state is read: giving up reads them in the other order
            before.flying = true;
            if (state == KEPT) {
                sending.handOver(new RepeatedSend(this));
            }
        }
    }

    boolean repetitionLeaves() {
        return state == KEPT && sending.mayLeave(this);
    }

    /** It waits again, although it was handed over: the adapter has let it go. */
    void calledBack() {
        Attempts known = attempts;
        if (known != null) {
            known.flying = false;
        }
    }

    void repetitionConfirmed(@Nullable Object nativeReceipt) {
        if (state == KEPT) {
            confirm(KEPT, nativeReceipt);
        } else {
            dropBodyIfEnded();
        }
    }

    void repetitionFailed(MessagingException error, boolean unknown) {
        OrderedRetry retry = sending.retry();
        Attempts known = attempts;
        if (known == null || retry == null || state != KEPT) {
            dropBodyIfEnded();
            return;
        }
        known.failed(error, unknown);
        if (retry.repeats(this, error)) {
            sending.attemptFailed(error);
            retry.failed(this);
        } else {
            failPermanently();
        }
    }

    /** Whether an attempt that has failed may have stored it. */
    boolean mayBeStored() {
        Attempts known = attempts;
        return known != null && known.anyUnknown;
    }

    /** Ends a kept send with the known failures of its attempts. */
    void failPermanently() {
        Attempts known = attempts;
        MessagingException error = known == null ? OrderedRetry.waitedTooLong() : known.last;
        fail(KEPT, mayBeStored() ? Outcome.UNKNOWN : Outcome.REJECTED, error);
    }

    /** Ends one that is kept and that the adapter may never have had. */
    void refuseKept(MessagingException error) {
        if (attempts == null) {
            fail(KEPT, Outcome.REJECTED, error);
        } else {
            failPermanently();
        }
    }

    /** Ends it without the adapter, which may still read the message. */
    void giveUp(MessagingException error) {
        if (fail(UNDER_WAY, Outcome.UNKNOWN, error) || !STATE.compareAndSet(this, KEPT, ENDED)) {
            return;
        }
        Attempts known = attempts;
        if (known == null) {
            failed(SendException.rejected(id, OrderedRetry.waitedTooLong()));
        } else if (known.flying || known.anyUnknown) {
            failed(SendException.unknown(id, error));
        } else {
            failed(SendException.rejected(id, known.last));
        }
    }

    private void confirm(byte from, @Nullable Object nativeReceipt) {
        OrderedRetry retry = sending.retry();
        if (retry != null) {
            retry.confirming(this);
        }
        dropBody();
        if (STATE.compareAndSet(this, from, ENDED)) {
            end(new BrokerReceipt(id, sending.destination(), nativeReceipt), null);
        }
    }

    /** Stages and observers are user code, which must not run on a thread that holds a lock or must not block. */
    private void end(@Nullable Receipt receipt, @Nullable SendException failure) {
        sending.ended(this, failure);
        if (!sending.mayTellHere()) {
            sending.callbacks().execute(() -> {
                sending.tell(this, failure);
                sending.leave();
                complete(receipt, failure);
            });
            return;
        }
        sending.tell(this, failure);
        if (isStaged()) {
            // its permit comes back when its stages have their turn, so that slow stages slow down the sends
            sending.callbacks().execute(() -> {
                sending.leave();
                complete(receipt, failure);
            });
            return;
        }
        sending.leave();
        if (!completeHere(receipt, failure)) {
            sending.callbacks().execute(() -> complete(receipt, failure));
        }
    }

    private boolean fail(byte from, Outcome outcome, MessagingException error) {
        if (!STATE.compareAndSet(this, from, ENDED)) {
            return false;
        }
        failed(outcome == Outcome.REJECTED ? SendException.rejected(id, error) : SendException.unknown(id, error));
        return true;
    }

    private void failed(SendException failure) {
        end(null, failure);
    }

    static MessagingException timedOut(long millis) {
        return new MessagingException(
                ErrorCode.TIMEOUT,
                "the broker did not confirm the message within " + millis + " ms; it may or may not be stored",
                true,
                null);
    }

    /** The adapter is done with it: a sender that keeps its futures must not keep the payloads. */
    private void dropBody() {
        body = NOTHING;
        received = null;
    }

    private void dropBodyIfEnded() {
        if (state == ENDED) {
            dropBody();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public String storedAs() {
        return storedAs;
    }

    @Override
    public @Nullable InboundMessage received() {
        return received;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public long sentAtMillis() {
        return sentAtMillis;
    }

    @Override
    public long deliverAtMillis() {
        return deliverAtMillis;
    }

    @Override
    public int lane() {
        return lane;
    }
}
