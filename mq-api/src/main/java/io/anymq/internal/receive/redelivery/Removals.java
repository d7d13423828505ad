package io.anymq.internal.receive.redelivery;

import io.anymq.spi.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Letters that were acknowledged so short a time ago that the broker may not have it: an acknowledgement is durable
 * within a second, or when the lane is given up in good order. Used by one thread.
 */
final class Removals<L> {
    /** The second that an adapter has, and one for the broker to answer. */
    private static final long DURABLE_WITHIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final ArrayDeque<Removal<L>> recent = new ArrayDeque<>();

    private record Removal<L>(Lane lane, L letter, long at) {}

    void begin(Lane lane, L letter) {
        long now = System.nanoTime();
        for (Removal<L> first = recent.peek();
                first != null && now - first.at() > DURABLE_WITHIN_NANOS;
                first = recent.peek()) {
            recent.remove();
        }
        recent.add(new Removal<>(lane, letter, now));
    }

    /** What these lanes lost is durable. */
    void certain(Collection<Lane> lanes) {
        recent.removeIf(removal -> lanes.contains(removal.lane()));
    }

    /** Those of these lanes, once. */
    List<L> unsure(Collection<Lane> lanes) {
        List<L> unsure = new ArrayList<>();
        recent.removeIf(removal -> {
            boolean theirs = lanes.contains(removal.lane());
            if (theirs) {
                unsure.add(removal.letter());
            }
            return theirs;
        });
        return unsure;
    }

    /** All of them, once. */
    List<L> unsure() {
        List<L> unsure = recent.stream().map(Removal::letter).toList();
        recent.clear();
        return unsure;
    }
}
