package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A base for receivers of a log: settles by lane, and gives lanes up in the order that loses nothing. The engine
 * settles what is done, the adapter {@linkplain #save saves} it, the lanes are forgotten, and only then {@linkplain
 * #handOver others may have them}.
 *
 * <pre>{@code
 * final class XReceiver extends LogReceiver<Integer, XLane, XMessage> {
 *     XReceiver(LaneListener listener) {
 *         super(listener);
 *     }
 *
 *     public List<? extends InboundMessage> receive(int max, Duration wait) {
 *         saveIfDue();
 *         lookAfterOwnership(); // puts into lanes().byName(), calls revoke and lost
 *         fillBuffers(wait);
 *         List<XMessage> taken = new ArrayList<>();
 *         lanes().takeFlowing(taken, max);
 *         return taken;
 *     }
 * }
 * }</pre>
 *
 * <p>Used by the receiver's thread.
 *
 * @param <K> the vendor's name of a partition
 * @param <L> the state of a partition
 * @param <M> a record of one
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LogReceiver<K, L extends LogLane<M>, M extends LogMessage> implements PausableReceiver {
    private static final Logger log = LoggerFactory.getLogger(LogReceiver.class);

    private final LaneListener listener;
    private final LogLanes<K, L, M> lanes = new LogLanes<>();
    private boolean closed;

    /** One that owns nothing yet. */
    protected LogReceiver(LaneListener listener) {
        this.listener = listener;
    }

    /** The partitions that it owns. */
    protected final LogLanes<K, L, M> lanes() {
        return lanes;
    }

    /** Messages were settled, which must become durable within a second. */
    protected abstract void settled();

    /**
     * Makes the settlements of lanes durable that are about to be given up. Blocks at most {@code timeout}.
     *
     * @throws MessagingException if it fails, which is logged: these messages will be redelivered
     */
    protected abstract void save(Collection<L> leaving, Duration timeout);

    /**
     * Lets other receivers have the lanes, which are forgotten already. Does nothing by default, for brokers that take
     * them by themselves. Throws nothing.
     */
    protected void handOver(Collection<L> leaving) {}

    /** Frees what the receiver holds; called once, without lanes and without a pending interrupt. Throws nothing. */
    protected abstract void release(Deadline deadline);

    /** Gives lanes up because another receiver is waiting for them; {@code timeout} is for {@link #save}. */
    protected final void revoke(Collection<L> leaving, Duration timeout) {
        if (leaving.isEmpty()) {
            return;
        }
        try {
            if (!closed) {
                listener.lanesRevoked(lanes.lanes(leaving));
            }
        } catch (MessagingException e) {
            log.warn("Could not settle the messages of revoked lanes: {}; they will be redelivered", e.toString());
        }
        giveUp(leaving, timeout);
    }

    private void giveUp(Collection<L> leaving, Duration timeout) {
        try {
            save(leaving, timeout);
        } catch (MessagingException e) {
            log.warn(
                    "Could not store settlements: {}; messages that are already processed will be redelivered",
                    e.toString());
        } finally {
            lanes.forget(leaving);
            handOver(leaving);
        }
    }

    /** Other receivers own these lanes already. */
    protected final void lost(Collection<L> gone) {
        if (gone.isEmpty()) {
            return;
        }
        lanes.forget(gone);
        if (!closed) {
            listener.lanesLost(lanes.lanes(gone));
        }
    }

    @Override
    public final void acknowledge(List<? extends InboundMessage> messages) {
        lanes.settle(messages);
        settled();
    }

    @Override
    public final boolean remembersGaps(Lane wanted) {
        for (L lane : lanes.all()) {
            if (lane.lane() == wanted) {
                return lane.remembersGaps();
            }
        }
        return true;
    }

    @Override
    public final void pause(Lane lane) {
        lanes.pause(lane, true);
    }

    @Override
    public final void resume(Lane lane) {
        lanes.pause(lane, false);
    }

    @Override
    public final void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(timeout);
        // an interrupted thread could not save
        Uninterrupted.run(() -> {
            List<L> all = List.copyOf(lanes.all());
            try {
                if (!all.isEmpty()) {
                    giveUp(all, deadline.left().dividedBy(2));
                }
            } finally {
                release(deadline);
            }
        });
    }
}
