package io.anymq.internal.send;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendException.Outcome;
import io.anymq.spi.OutboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out and the future its sender holds, in one object because there is one of each per send. The
 * first outcome counts, whoever reports it.
 */
final class PendingSend extends CompletableFuture<Receipt> implements OutboundMessage {
    private static final byte[] NOTHING = {};
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(PendingSend.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Sending sending;
    private final String id;
    private final @Nullable String key;
    private final String contentType;
    private final Map<String, String> headers;
    private final long sentAtMillis;
    private final long deliverAtMillis;
    private final int lane;
    private byte[] body;

    final long startNanos;
    /** The slot in the window, or −1; see {@link InFlightWindow}. */
    volatile int slot = -1;

    @SuppressWarnings("unused") // through ENDED
    private volatile boolean ended;

    /** Takes the parts of {@code message}, which need not outlive the call: the body is dropped before the rest. */
    PendingSend(Sending sending, EncodedMessage message, long startNanos) {
        this.sending = sending;
        this.id = message.id();
        this.key = message.key();
        this.body = message.body();
        this.contentType = message.contentType();
        this.headers = message.headers();
        this.sentAtMillis = message.sentAtMillis();
        this.deliverAtMillis = message.deliverAtMillis();
        this.lane = message.lane();
        this.startNanos = startNanos;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public boolean leaves() {
        return !ended && sending.mayLeave(this);
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        dropBody();
        if (end()) {
            sending.ended(this, null);
            complete(new BrokerReceipt(id, sending.destination(), nativeReceipt));
        }
    }

    @Override
    public void rejected(MessagingException error) {
        dropBody();
        fail(Outcome.REJECTED, error);
    }

    @Override
    public void unknown(MessagingException error) {
        dropBody();
        fail(Outcome.UNKNOWN, error);
    }

    /** Ends it without the adapter, which may still read the message. */
    void giveUp(MessagingException error) {
        fail(Outcome.UNKNOWN, error);
    }

    private void fail(Outcome outcome, MessagingException error) {
        if (end()) {
            SendException failure =
                    outcome == Outcome.REJECTED ? SendException.rejected(id, error) : SendException.unknown(id, error);
            sending.ended(this, failure);
            completeExceptionally(failure);
        }
    }

    static MessagingException timedOut(long millis) {
        return new MessagingException(
                ErrorCode.TIMEOUT,
                "the broker did not confirm within " + millis + " ms: the message may or may not be stored",
                true,
                null);
    }

    private boolean end() {
        return ENDED.compareAndSet(this, false, true);
    }

    /** The adapter is done with it: a sender that keeps its futures must not keep the payloads. */
    private void dropBody() {
        body = NOTHING;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
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
