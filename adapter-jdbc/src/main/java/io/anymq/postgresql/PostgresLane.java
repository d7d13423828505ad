package io.anymq.postgresql;

import io.anymq.spi.Lane;
import java.util.LinkedHashMap;
import java.util.Map;

/** A lane while it is owned, with what was handed out and is not settled. Used by the receiver's thread. */
final class PostgresLane {
    private final Lane lane;
    private final int index;
    private final Map<Long, PostgresMessage> inFlight = new LinkedHashMap<>();

    /** The highest id that was handed out. */
    long after;

    /** No transaction that was running at the last look at this lane has a lower id. */
    long xmin;

    /** While {@link #after} is below this, messages go one at a time, because one of them may have killed its consumer. */
    long carefulUntil;

    boolean paused;
    boolean owned = true;

    PostgresLane(String name, int index, long carefulUntil) {
        this.lane = new Lane(name);
        this.index = index;
        this.carefulUntil = carefulUntil;
    }

    Lane lane() {
        return lane;
    }

    int index() {
        return index;
    }

    boolean isCareful() {
        return after < carefulUntil;
    }

    Map<Long, PostgresMessage> inFlight() {
        return inFlight;
    }

    void handedOut(PostgresMessage message) {
        inFlight.put(message.row().id(), message);
        after = Math.max(after, message.row().id());
    }

    void settled(PostgresMessage message) {
        inFlight.remove(message.row().id());
    }
}
