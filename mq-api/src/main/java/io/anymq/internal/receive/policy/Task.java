package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterInfo;
import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.anymq.internal.receive.keys.KeyedTask;
import io.anymq.internal.receive.policy.Leases.Lease;
import io.anymq.internal.send.InterceptedSend;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.WireHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through the layers, and the delivery its handler sees. Fields are touched by one thread at a
 * time; the hand-over happens through the task's state and the executor's queues.
 */
public final class Task extends KeyedTask implements Delivery<Object> {
    /** A message to send before this one is settled. */
    record Output(
            Destination destination,
            Message<Object> message,
            @Nullable InterceptedSend<Object> intercepted) {}

    private static final int MAX_OUTPUTS = 1_000;

    final Origin origin;
    public final InboundMessage message;
    public final Lane lane;
    private final Source source;

    /** Set on the receive thread when its lane is no longer owned: whatever comes of it is not told to the broker. */
    public volatile boolean fenced;

    /** Set on the receive thread: the broker settled it together with its outputs. */
    public volatile boolean committed;

    private @Nullable Step step;

    @Nullable
    Object body;

    int attempt;
    /** Of {@link #attempt}: spent on copies that were settled when this one was stored. */
    private int attemptsOfEarlierCopies;

    /** An attempt has begun that has neither failed nor been taken back. */
    private volatile boolean attempting;

    long firstAttemptAtMillis;

    /** When the latest attempt began. */
    private long attemptAtMillis;

    /** Emulated delay: not to be handled before, by the clock of this host; 0 for at once. */
    public long dueAtMillis;

    @Nullable
    Throwable failure;

    @Nullable
    DeadLetterReason reason;

    @Nullable
    public Verdict verdict;

    /** Why its dead letter was not taken. */
    volatile @Nullable MessagingException refusal;

    /** How much its dead letter says. */
    DeadLetterHeaders.Size letter = DeadLetterHeaders.Size.FULL;

    /** Failed tries of whatever the current layer waits for (store, dead letter, forwarding). */
    public int tries;

    /** Batch handlers: to be handled alone, because it was in a batch that failed. */
    boolean alone;

    /** Idempotency: the claim, if any. */
    @Nullable
    Lease claim;

    private List<Output> outputs = List.of();
    /** The running attempt, which accepts outputs, or null. */
    private volatile @Nullable Attempt open;

    private int published;
    private @Nullable Map<String, String> visibleHeaders;

    /** One of {@link HeldUp}'s. */
    volatile int place;

    int size;
    private HeldUp heldUp = HeldUp.NONE;

    // the receive loop's list of messages in flight
    @Nullable
    public Task previous;

    @Nullable
    public Task next;

    public Task(Origin origin, Source source, InboundMessage message, @Nullable String orderingKey) {
        super(orderingKey);
        this.origin = origin;
        this.source = source;
        this.message = message;
        this.lane = message.lane();
        int before = message.deliveryCount() - 1;
        if (message.headers().isEmpty()) {
            this.attemptsOfEarlierCopies = 0;
        } else {
            EarlierAttempts earlier = EarlierAttempts.of(message, source);
            this.attemptsOfEarlierCopies = earlier.count();
            this.firstAttemptAtMillis = earlier.firstAtMillis();
        }
        this.attempt = before + attemptsOfEarlierCopies;
    }

    /** From now on in flight; {@code counts}: where it is counted while it cannot run. */
    public void countIn(HeldUp counts) {
        size = Math.max(0, message.size());
        heldUp = counts;
        counts.started(this);
    }

    /** In flight no longer. */
    public void countOut() {
        heldUp.gone(this);
    }

    /** In bytes, as it is stored; 0 before {@link #countIn}. */
    public int size() {
        return size;
    }

    @Override
    protected void waits() {
        heldUp.waits(this);
    }

    @Override
    protected void isBehind() {
        heldUp.isBehind(this);
    }

    @Override
    protected void isBlocked() {
        heldUp.isBlocked(this);
    }

    @Override
    protected void goesOn() {
        heldUp.goesOn(this);
    }

    /** A header written by the engine; foreign nonsense counts as absent. */
    public static long headerNumber(Map<String, String> headers, String name) {
        String text = headers.get(name);
        if (text == null) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException foreign) {
            return 0;
        }
    }

    /**
     * A copy that was sent back for a retry had attempts left. A header that states more was not written by AnyMQ, and
     * must not keep the message from its handler.
     */
    void limitStatedAttempts(int most) {
        int excess = attemptsOfEarlierCopies - most;
        if (excess > 0) {
            attemptsOfEarlierCopies = most;
            attempt -= excess;
        }
    }

    /** Begins the next attempt and tells the adapter; false if the message was lost before. */
    synchronized boolean beginAttempt(long nowMillis) {
        if (fenced) {
            return false;
        }
        attempt++;
        attemptAtMillis = nowMillis;
        attempting = true;
        announceAttempts();
        return true;
    }

    /** The attempt has failed: from now on it is not taken back. */
    void endAttempt() {
        attempting = false;
    }

    /** Takes its attempt back on the handler's thread: its batch failed, or its consumer is forced to end. */
    synchronized void takeAttemptBack() {
        if (attempting) {
            attempting = false;
            attempt--;
            announceAttempts();
        }
    }

    /**
     * Takes an attempt back that does not end, or whose success the broker does not learn of, on the receive thread: the
     * handler still sees its number. After this the adapter is told nothing more, and may read what it was told.
     */
    public synchronized void abandonAttempt() {
        if (attempting) {
            attempting = false;
            message.attempts(attempt - 1 - attemptsOfEarlierCopies);
        }
    }

    /** {@link #abandonAttempt}, unless it began at {@code latest} or before. */
    public synchronized void abandonAttemptBegunAfter(long latest) {
        if (attemptAtMillis > latest) {
            abandonAttempt();
        }
    }

    private void announceAttempts() {
        message.attempts(attempt - attemptsOfEarlierCopies);
    }

    /** Says how it goes on after the next wait, and returns it: {@code executor.park(task.then(step), delay)}. */
    public Task then(Step step) {
        this.step = step;
        return this;
    }

    @Override
    protected void run() {
        Step next = step;
        if (next == null) {
            throw new IllegalStateException(this + " has no next step");
        }
        next.run(this);
    }

    /** Begins an attempt: outputs may be collected. */
    void open(Attempt surroundings) {
        outputs = List.of();
        published = 0;
        failure = null;
        open = surroundings;
    }

    /** Ends an attempt and returns the handler's outputs. */
    List<Output> closeAttempt() {
        open = null;
        synchronized (this) {
            return outputs;
        }
    }

    @Override
    public void publish(Destination destination, Message<?> output) {
        Objects.requireNonNull(destination, "destination");
        @SuppressWarnings("unchecked")
        Message<Object> message = (Message<Object>) Objects.requireNonNull(output, "message");
        Attempt surroundings;
        int number;
        synchronized (this) {
            surroundings = requireOpen();
            if (published == MAX_OUTPUTS) {
                throw new MessagingException(
                        ErrorCode.FULL,
                        "one attempt must not publish more than" + " " + MAX_OUTPUTS
                                + " messages; split the work into several messages");
            }
            number = ++published;
        }
        Message<Object> identified =
                message.id() != null ? message : message.withId(OutputIds.of(source, id(), number));
        if (surroundings.intercepts()) {
            surroundings.intercept(this, destination, identified);
        } else {
            emit(new Output(destination, identified, null));
        }
    }

    /** Keeps an output until the attempt has ended. */
    synchronized void emit(Output output) {
        requireOpen();
        if (outputs.isEmpty()) {
            outputs = new ArrayList<>(4);
        }
        outputs.add(output);
    }

    private Attempt requireOpen() {
        Attempt surroundings = open;
        if (surroundings == null) {
            throw new MessagingException(
                    ErrorCode.CLOSED, "the handler has already finished; publish before it returns");
        }
        return surroundings;
    }

    @Override
    public Object body() {
        Object decoded = body;
        if (decoded == null) {
            throw new IllegalStateException("the message has not been decoded yet");
        }
        return decoded;
    }

    @Override
    public String id() {
        return message.id();
    }

    @Override
    public @Nullable String key() {
        return message.key();
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> visible = visibleHeaders;
        if (visible == null) {
            visible = withoutBookkeeping(message.headers());
            visibleHeaders = visible;
        }
        return visible;
    }

    /** The sender's headers, unmodifiable where any was taken out. */
    public static Map<String, String> withoutBookkeeping(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return headers;
        }
        Map<String, String> visible = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (!name.startsWith(Limits.RESERVED_PREFIX)) {
                visible.put(name, value);
            }
        });
        return Collections.unmodifiableMap(visible);
    }

    @Override
    public Optional<DeadLetterInfo> deadLetter() {
        return DeadLetterHeaders.read(message.headers());
    }

    @Override
    public int redrives() {
        return (int) Math.min(Integer.MAX_VALUE, headerNumber(message.headers(), WireHeaders.REDRIVES));
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public Instant sentAt() {
        return Instant.ofEpochMilli(message.sentAtMillis());
    }

    @Override
    public String contentType() {
        return message.contentType();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return message.unwrap(type);
    }

    @Override
    public String toString() {
        return "message " + io.anymq.Escape.forLog(id()) + " of " + source.path();
    }
}
