package io.anymq.inmemory.broker;

import io.anymq.TimeSource;
import io.anymq.policy.Ordering;
import io.anymq.spi.Lane;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.KeyLane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue or of one subscription, and their receivers. Without order there is one lane that all
 * receivers share; with total order one lane with one owner; per key several lanes, each with one owner. Guarded by the
 * exchange's lock.
 */
final class MessageQueue {
    private static final Comparator<Entry> BY_DUE_TIME =
            Comparator.comparingLong((Entry entry) -> entry.deliverAtMillis).thenComparingLong(entry -> entry.sequence);

    final Exchange exchange;
    final String path;
    final boolean shared;
    final LaneList[] lanes;
    final List<Member> members = new ArrayList<>();
    final PriorityQueue<Entry> delayed = new PriorityQueue<>(BY_DUE_TIME);

    /** Sends by way of the redelivery address that wait for room. */
    final ArrayDeque<PendingSend> returns = new ArrayDeque<>();

    private final ArrayDeque<Member> hungry = new ArrayDeque<>();
    private final InMemoryBroker.Limits limits;
    private long nextSequence;
    private int nextLane;
    private int stored;
    private long bytes;
    private int inFlight;
    private long inFlightBytes;
    private long accepted;
    private long settled;
    private long redelivered;

    MessageQueue(Exchange exchange, String path, Ordering ordering, InMemoryBroker.Limits limits) {
        this.exchange = exchange;
        this.path = path;
        this.limits = limits;
        this.shared = ordering == Ordering.UNORDERED;
        this.lanes = new LaneList[ordering == Ordering.PER_KEY ? limits.lanes() : 1];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new LaneList(i);
        }
    }

    // ---- storing

    boolean hasRoom(int size) {
        return stored < limits.queueMessages() && (bytes + size <= limits.queueBytes() || stored == 0);
    }

    /**
     * Returned messages take the place of messages that are in flight and about to be settled, so those do not count: a
     * full queue whose consumers want to retry later must not wait for itself.
     */
    boolean hasRoomForReturn(int size) {
        int others = stored - inFlight;
        return others < limits.queueMessages() && (bytes - inFlightBytes + size <= limits.queueBytes() || others == 0);
    }

    void put(OutboundMessage message, int size, TimeSource time) {
        Entry entry = new Entry(message, size);
        stored++;
        bytes += size;
        accepted++;
        if (entry.deliverAtMillis > 0 && entry.deliverAtMillis > time.currentTimeMillis()) {
            entry.sequence = nextSequence++;
            delayed.add(entry);
            if (delayed.peek() == entry) {
                // Waiting receivers must reset their timers.
                members.forEach(exchange::wake);
            }
        } else {
            makeReady(entry);
        }
    }

    private void makeReady(Entry entry) {
        entry.sequence = nextSequence++;
        LaneList lane = laneOf(entry.key);
        lane.append(entry);
        signal(lane);
    }

    private LaneList laneOf(@Nullable String key) {
        if (lanes.length == 1) {
            return lanes[0];
        }
        if (key == null) {
            int lane = nextLane;
            nextLane = lane + 1 == lanes.length ? 0 : lane + 1;
            return lanes[lane];
        }
        return lanes[KeyLane.of(key, lanes.length)];
    }

    /** Moves due messages to their lanes; returns the time of the next one, or 0 if none waits. */
    long promoteDue(TimeSource time) {
        Entry first = delayed.peek();
        if (first == null) {
            return 0;
        }
        long now = time.currentTimeMillis();
        while (first != null && first.deliverAtMillis <= now) {
            delayed.remove();
            makeReady(first);
            first = delayed.peek();
        }
        return first == null ? 0 : first.deliverAtMillis;
    }

    // ---- handing out

    List<Handout> take(Member member, int max) {
        if (shared) {
            return takeShared(member, max);
        }
        LaneList[] owned = member.owned;
        int ready = 0;
        int lanesReady = 0;
        for (LaneList lane : owned) {
            if (lane.ready > 0 && lane.open()) {
                ready += lane.ready;
                lanesReady++;
            }
        }
        if (ready == 0) {
            return List.of();
        }
        List<Handout> out = new ArrayList<>(Math.min(max, ready));
        // Each lane gets its part, so that a long one starves no other; the rotation makes up for what division leaves.
        int part = Math.max(1, max / lanesReady);
        int left = Math.min(max, ready);
        int at = member.nextTurn(owned.length);
        while (left > 0) {
            LaneList lane = owned[at];
            at = at + 1 == owned.length ? 0 : at + 1;
            Lane token = lane.token;
            if (token != null && lane.ready > 0 && lane.open()) {
                left -= hand(lane, Math.min(part, left), member, token, out);
            }
        }
        return out;
    }

    private List<Handout> takeShared(Member member, int max) {
        LaneList lane = lanes[0];
        if (lane.ready == 0) {
            return List.of();
        }
        int share = (lane.ready + members.size() - 1) / members.size();
        List<Handout> out = new ArrayList<>(Math.min(max, share));
        hand(lane, Math.min(max, share), member, member.sharedLane, out);
        if (lane.ready > 0) {
            signal(lane);
        }
        return out;
    }

    private int hand(LaneList lane, int max, Member member, Lane token, List<Handout> out) {
        int before = out.size();
        inFlightBytes += lane.take(max, member, token, out);
        int taken = out.size() - before;
        inFlight += taken;
        member.inFlight += taken;
        return taken;
    }

    /** Notes that {@code member} waits for messages. */
    void await(Member member) {
        member.hungry = true;
        if (shared) {
            hungry.add(member);
        }
    }

    void noLongerAwaits(Member member) {
        if (member.hungry) {
            member.hungry = false;
            if (shared) {
                hungry.remove(member);
            }
        }
    }

    private void signal(LaneList lane) {
        if (shared) {
            Member member = hungry.poll();
            if (member != null) {
                member.hungry = false;
                exchange.wake(member);
            }
            return;
        }
        Member owner = lane.owner;
        if (owner != null && owner.hungry && lane.open()) {
            owner.hungry = false;
            exchange.wake(owner);
        }
    }

    // ---- settling

    void settle(Handout handout) {
        Entry entry = handout.entry;
        LaneList lane = entry.lane;
        if (entry.handout != handout || lane == null) {
            return;
        }
        lane.settle(entry);
        handout.member.inFlight--;
        inFlight--;
        inFlightBytes -= entry.size;
        stored--;
        bytes -= entry.size;
        settled++;
    }

    private void handBackAll(LaneList lane, Member member, int count) {
        if (count > 0) {
            inFlightBytes -= lane.handBackAll(member, count);
            member.inFlight -= count;
            inFlight -= count;
            redelivered += count;
        }
    }

    // ---- membership

    void join(Member member) {
        members.add(member);
        rebalance();
    }

    /** Everything the member holds is ready again when this returns. */
    void leave(Member member) {
        noLongerAwaits(member);
        members.remove(member);
        if (shared) {
            handBackAll(lanes[0], member, member.inFlight);
            for (int i = Math.min(lanes[0].ready, hungry.size()); i > 0; i--) {
                signal(lanes[0]);
            }
        } else {
            for (LaneList lane : member.owned) {
                handBackAll(lane, member, lane.handedOut);
                lane.owner = null;
            }
            member.owned = Member.NO_LANES;
            rebalance();
        }
    }

    private void rebalance() {
        if (shared) {
            return;
        }
        Balancer.chooseSuccessors(lanes, members);
        for (LaneList lane : lanes) {
            Member owner = lane.owner;
            if (owner == null) {
                bequeath(lane);
            } else if (owner != lane.heir) {
                exchange.wake(owner);
            } else if (lane.ready > 0) {
                // A cancelled hand-over: messages that arrived meanwhile were not announced.
                signal(lane);
            }
        }
    }

    private void bequeath(LaneList lane) {
        Member heir = lane.heir;
        lane.surrendering = false;
        lane.paused = false;
        lane.owner = heir;
        lane.token = null;
        if (heir != null) {
            lane.token = new Lane(path + "#" + lane.index);
            heir.own(lane);
            if (lane.ready > 0) {
                signal(lane);
            }
        }
    }

    /** The lanes that {@code member} has to give up and was not told about yet. */
    List<LaneList> beginSurrender(Member member) {
        List<LaneList> leaving = List.of();
        for (LaneList lane : member.owned) {
            if (lane.heir != member && !lane.surrendering) {
                lane.surrendering = true;
                if (leaving.isEmpty()) {
                    leaving = new ArrayList<>();
                }
                leaving.add(lane);
            }
        }
        return leaving;
    }

    void endSurrender(Member member, List<LaneList> leaving) {
        for (LaneList lane : leaving) {
            // Stopping or disconnecting meanwhile took the lane away the hard way.
            if (lane.owner == member && lane.surrendering) {
                handBackAll(lane, member, lane.handedOut);
                member.disown(lane);
                lane.owner = null;
                bequeath(lane);
            }
        }
    }

    // ---- looking in

    /** One more than the number of the latest entry. */
    long nextSequence() {
        return nextSequence;
    }

    InMemoryBroker.QueueMetrics metrics() {
        return new InMemoryBroker.QueueMetrics(
                path,
                stored - inFlight - delayed.size(),
                inFlight,
                delayed.size(),
                bytes,
                exchange.backlog.size() + returns.size(),
                members.size(),
                accepted,
                settled,
                redelivered);
    }

    List<InMemoryBroker.StoredMessage> browse() {
        List<Entry> inLanes = new ArrayList<>(stored);
        for (LaneList lane : lanes) {
            for (Entry entry = lane.head(); entry != null; entry = entry.next) {
                inLanes.add(entry);
            }
        }
        inLanes.sort(Comparator.comparingLong((Entry entry) -> entry.sequence));
        List<InMemoryBroker.StoredMessage> out = new ArrayList<>(stored);
        for (Entry entry : inLanes) {
            out.add(Snapshots.of(
                    entry, entry.handout == null ? InMemoryBroker.State.READY : InMemoryBroker.State.IN_FLIGHT));
        }
        delayed.stream()
                .sorted(BY_DUE_TIME)
                .forEach(entry -> out.add(Snapshots.of(entry, InMemoryBroker.State.DELAYED)));
        return out;
    }
}
