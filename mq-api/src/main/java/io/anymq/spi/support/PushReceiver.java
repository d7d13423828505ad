package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver for client libraries that push messages on their own threads, from brokers that acknowledge messages by
 * number. Messages wait in an {@link Inbox}; acknowledgements are gathered by lane. What came on a lane that is not owned
 * any more is never handed out, and never acknowledged.
 *
 * <p>For the thread that made it, except {@link #arrived}, {@link #fail} and {@link #wakeup}.
 *
 * @param <L> the adapter's lane
 * @param <M> the adapter's message
 */
@API(API.Status.EXPERIMENTAL)
public abstract class PushReceiver<L extends PushLane<M>, M extends InboundMessage> implements BrokerReceiver {
    private final long settleNanos;
    private final Inbox<M> inbox;
    private final List<L> lanes = new ArrayList<>();

    private volatile @Nullable MessagingException failure;
    private final CloseOnce state = new CloseOnce("the receiver");

    /**
     * A receiver of the current thread, without lanes.
     *
     * @param settle how long settlements wait for one another; lanes are due at the same times, so that their
     *     acknowledgements go to the network together
     */
    protected PushReceiver(Duration settle) {
        settleNanos = settle.toNanos();
        inbox = new Inbox<>(settle);
    }

    /** The lane it came on. */
    protected abstract L owner(M message);

    /** Its number there; later messages of a lane have larger ones. */
    protected abstract long number(M message);

    /** These messages are about to be handed out; there may be none. By default nothing. */
    protected void handOut(List<M> messages) {}

    /** This message is done; the broker will be told. By default nothing. */
    protected void settled(M message) {}

    /** Called whenever the engine looks for messages, to share lanes with other receivers. By default nothing. */
    protected void rebalance() {}

    /**
     * Tells the broker what is due at this moment.
     *
     * @param now to be compared with; see {@link AckWindow#flush}
     */
    protected abstract void flush(long now);

    /** Gives up all that is owned, once; not on an interrupted thread. */
    protected abstract void release(Duration bound);

    /** Begins to own a lane. */
    protected final void own(L lane) {
        lanes.add(lane);
    }

    /** The lanes that are owned. */
    protected final List<L> lanes() {
        return Collections.unmodifiableList(lanes);
    }

    /** A message has come, on whatever thread. */
    protected final void arrived(M message) {
        inbox.add(message);
    }

    /** From now on every call throws this; the first failure counts. */
    protected final void fail(MessagingException error) {
        if (failure == null) {
            failure = error;
        }
        inbox.end();
    }

    private void throwIfFailed() {
        MessagingException error = failure;
        if (error != null) {
            throw error;
        }
    }

    @Override
    public final List<M> receive(int max, Duration wait) {
        throwIfFailed();
        flush();
        rebalance();
        if (max == 0) {
            return List.of();
        }
        List<M> messages = take(max);
        if (messages.isEmpty()) {
            inbox.await(Math.min(wait.toNanos(), nanosUntilFlush()));
            throwIfFailed();
            messages = take(max);
        }
        inbox.looked(!messages.isEmpty());
        return messages;
    }

    private void flush() {
        long now = System.nanoTime();
        flush(now - Math.floorMod(now, settleNanos));
    }

    private long nanosUntilFlush() {
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        for (L lane : lanes) {
            nanos = Math.min(nanos, lane.acks().nanosUntilDue(now));
        }
        return nanos;
    }

    private List<M> take(int max) {
        List<M> messages = new ArrayList<>();
        while (messages.size() < max) {
            M message = next();
            if (message == null) {
                break;
            }
            messages.add(message);
        }
        handOut(messages);
        return messages;
    }

    private @Nullable M next() {
        M message = inbox.poll();
        while (message != null && !owner(message).owned) {
            message = inbox.poll();
        }
        if (message != null) {
            owner(message).acks().add(number(message), message);
        }
        return message;
    }

    @Override
    @SuppressWarnings("unchecked") // the engine gives back what it was given
    public final void acknowledge(List<? extends InboundMessage> messages) {
        throwIfFailed();
        inbox.busy();
        for (int i = 0; i < messages.size(); i++) {
            M message = (M) messages.get(i);
            L lane = owner(message);
            if (lane.owned) {
                lane.acks().done(number(message));
                settled(message);
            }
        }
        flush();
    }

    /** Gives up lanes: the broker is told nothing more about their messages. */
    protected final void disown(Collection<L> leaving) {
        for (L lane : leaving) {
            lane.owned = false;
        }
        lanes.removeAll(leaving);
    }

    @Override
    public final void wakeup() {
        inbox.wakeup();
    }

    @Override
    public final void close(Duration bound) {
        state.close(bound, deadline -> release(deadline.left()));
    }
}
