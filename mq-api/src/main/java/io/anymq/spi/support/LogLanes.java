package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The partitions of a log that a receiver owns, by the vendor's name for them, with operations on all of them. Used by
 * the receiver's thread.
 *
 * @param <K> the vendor's name of a partition
 * @param <L> the state of a partition
 * @param <M> a record of one
 */
@API(API.Status.EXPERIMENTAL)
public final class LogLanes<K, L extends LogLane<M>, M extends LogMessage> {
    private final Map<K, L> byName = new LinkedHashMap<>();
    private int turn;

    /** None yet. */
    public LogLanes() {}

    /** The lanes by name, to be changed through this map as well. */
    public Map<K, L> byName() {
        return byName;
    }

    /** The lanes, in the order in which they came. */
    public Collection<L> all() {
        return byName.values();
    }

    /**
     * Adds what may be handed out without further care, until there are {@code max} messages. Each call begins with
     * another lane, so that a full one does not starve the rest.
     */
    public void takeFlowing(List<M> taken, int max) {
        int count = byName.size();
        if (count > 0 && taken.size() < max) {
            int first = turn % count;
            takeFlowing(taken, max, first, count);
            takeFlowing(taken, max, 0, first);
            turn = first + 1;
        }
    }

    private void takeFlowing(List<M> taken, int max, int from, int to) {
        int position = 0;
        for (L lane : byName.values()) {
            if (position >= from && position < to && lane.flows()) {
                while (taken.size() < max && !lane.buffer().isEmpty()) {
                    taken.add(lane.buffer().remove());
                }
            }
            position++;
        }
    }

    /** They are done; nothing happens to those of lanes that belong to another receiver by now. */
    public void settle(List<? extends InboundMessage> done) {
        for (int i = 0; i < done.size(); i++) {
            LogMessage message = (LogMessage) done.get(i);
            if (message.owner().isOwned()) {
                message.owner().settle(message);
            }
        }
    }

    /** The state requested with {@code pause(Lane)} and {@code resume(Lane)}. */
    public void pause(Lane wanted, boolean paused) {
        for (L lane : byName.values()) {
            if (lane.lane() == wanted) {
                lane.pause(paused);
            }
        }
    }

    /** They belong to another receiver from now on. */
    public void forget(Collection<L> leaving) {
        leaving.forEach(LogLane::forget);
        byName.values().removeAll(leaving);
    }

    /** These lanes as the engine knows them. */
    public List<Lane> lanes(Collection<L> some) {
        return some.stream().map(LogLane::lane).toList();
    }
}
