package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;

import io.anymq.history.Content;
import io.anymq.history.check.SimulatedSource.Copy;
import io.anymq.history.check.SimulatedSource.Lane;
import io.anymq.history.check.SimulatedSource.Letter;
import io.anymq.history.check.SimulatedSource.Member;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stores messages in sources and gives each lane to one consumer at a time. */
final class SimulatedBroker {
    static final int MAX_ATTEMPTS = 4;

    /** Takes the copy that is next in a lane, if the lane is still that of {@code epoch}. */
    @FunctionalInterface
    interface Delivery {
        void begin(Lane lane, Copy copy, int epoch);
    }

    private final SimulatedTime time;
    private final Map<String, SimulatedSource> sources = new LinkedHashMap<>();
    private final Map<String, Letter> letters = new HashMap<>();
    private Delivery delivery;
    private int alone;
    boolean outage;

    SimulatedBroker(SimulatedTime time) {
        this.time = time;
    }

    void deliverTo(Delivery consumers) {
        this.delivery = consumers;
    }

    SimulatedSource create(String name, String destination, Order order) {
        SimulatedSource source = new SimulatedSource(name, destination, order);
        sources.put(name, source);
        return source;
    }

    Collection<SimulatedSource> sources() {
        return sources.values();
    }

    /** The message with this id, which is made up if there is none. */
    Letter letter(String destination, String id, String key) {
        return letters.computeIfAbsent(
                destination + " " + id,
                name -> new Letter(id, new Content(key, time.random.nextLong(), time.random.nextLong())));
    }

    /** The message with this id, which there must be. */
    Letter letter(String destination, String id) {
        return letters.get(destination + " " + id);
    }

    void arrive(String destination, Letter letter, long delay) {
        for (SimulatedSource source : sources.values()) {
            if (source.destination.equals(destination) && source.exists) {
                int luck = time.random.nextInt(20);
                int failures = luck < 14 ? 0 : luck < 18 ? 1 + time.random.nextInt(2) : MAX_ATTEMPTS;
                if (delay == 0) {
                    store(source, letter, failures);
                } else {
                    time.in(delay, () -> store(source, letter, failures));
                }
            }
        }
    }

    void store(SimulatedSource source, Letter letter, int failures) {
        String name = source.order == Order.TOTAL
                ? ""
                : source.order == Order.UNORDERED || letter.key == null ? "alone " + alone++ : letter.key;
        Lane lane = source.lanes.computeIfAbsent(name, key -> new Lane(source));
        Copy copy = new Copy(letter);
        copy.failuresLeft = failures;
        copy.permanent = failures > 0 && time.random.nextInt(5) == 0;
        lane.waiting.add(copy);
        pump(lane);
    }

    /** Hands out the next of a lane, if it is idle. */
    void pump(Lane lane) {
        if (lane.busy || lane.waiting.isEmpty()) {
            return;
        }
        if (lane.owner != null && lane.owner.isGone()) {
            // the broker will notice and take the lane away
            return;
        }
        if (lane.owner == null || !lane.owner.takesWork()) {
            List<Member> able =
                    lane.source.members.stream().filter(Member::takesWork).toList();
            if (able.isEmpty()) {
                return;
            }
            lane.owner = able.get(time.random.nextInt(able.size()));
        }
        lane.busy = true;
        int epoch = lane.epoch;
        time.soon(10 * MICRO, 200 * MICRO, () -> delivery.begin(lane, lane.waiting.peek(), epoch));
    }

    /** The lane goes to another member; what runs in it has ended or no longer matters. */
    void release(Lane lane) {
        lane.epoch++;
        lane.busy = false;
        lane.calling = false;
        lane.owner = null;
        time.soon(50 * MICRO, 400 * MICRO, () -> pump(lane));
    }

    /** Gives out again what was not settled for good. */
    void rewind(Lane lane) {
        Copy running = lane.waiting.peek();
        if (running != null) {
            running.attempt = Math.min(time.random.nextInt(running.attempt + 1), MAX_ATTEMPTS - 1);
        }
        int repeated = time.random.nextInt(lane.lately.size() + 1);
        int place = lane.lately.size();
        for (Copy copy : lane.lately) {
            if (!copy.settled) {
                repeated = Math.max(repeated, place);
            }
            place--;
        }
        for (int i = 0; i < repeated; i++) {
            Copy copy = lane.lately.removeLast();
            copy.attempt = 0;
            lane.waiting.addFirst(copy);
        }
        lane.lately.clear();
    }
}
