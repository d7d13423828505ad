package io.anymq.internal.support;

import io.anymq.internal.support.StoredMessage.Delivered;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.TransactionalReceiver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Receives from one address of a {@link ManualBroker}: one lane for each stream with messages. */
final class ManualReceiver implements PausableReceiver, TransactionalReceiver {
    /** Streams to be taken away within the next receive. */
    record Taking(Set<Integer> streams, boolean lost, CompletableFuture<Void> done) {}

    final String address;
    private final ManualBroker broker;
    private final LaneListener listener;

    // guarded by the broker's lock
    private final Map<Integer, Lane> lanes = new LinkedHashMap<>();
    private final Set<Lane> paused = new HashSet<>();
    private final Queue<Taking> takings = new ArrayDeque<>();
    private boolean woken;

    ManualReceiver(ManualBroker broker, String address, LaneListener listener) {
        this.broker = broker;
        this.address = address;
        this.listener = listener;
    }

    boolean owns(int stream) {
        return lanes.containsKey(stream);
    }

    Set<Integer> pausedStreams() {
        Set<Integer> streams = new HashSet<>(lanes.keySet());
        streams.removeIf(stream -> !paused.contains(lanes.get(stream)));
        return streams;
    }

    void take(Taking taking) {
        takings.add(taking);
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        giveUpLanes();
        long deadline = System.nanoTime() + wait.toNanos();
        synchronized (broker.lock) {
            broker.polled(address, max);
            List<Delivered> free = free(max);
            long left = deadline - System.nanoTime();
            while (free.isEmpty() && !woken && takings.isEmpty() && max > 0 && left > 0) {
                broker.throwFailure(address);
                try {
                    broker.lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return List.of();
                }
                free = free(max);
                left = deadline - System.nanoTime();
            }
            broker.throwFailure(address);
            woken = false;
            free.forEach(delivered -> delivered.stored.holder = delivered);
            return free;
        }
    }

    private List<Delivered> free(int max) {
        List<Delivered> free = new ArrayList<>();
        for (StoredMessage stored : broker.stored(address)) {
            if (free.size() < max && stored.holder == null && broker.mayHandOut(this, stored)) {
                Lane lane = lanes.computeIfAbsent(stored.stream(), number -> new Lane(address + "#" + number));
                if (!paused.contains(lane)) {
                    free.add(new Delivered(stored, lane));
                }
            }
        }
        return free;
    }

    private void giveUpLanes() {
        Taking taking = nextTaking();
        while (taking != null) {
            List<Lane> leaving = new ArrayList<>();
            synchronized (broker.lock) {
                for (int stream : taking.streams()) {
                    if (owns(stream)) {
                        leaving.add(lanes.get(stream));
                    }
                }
                if (taking.lost()) {
                    forget(leaving);
                }
            }
            if (taking.lost()) {
                listener.lanesLost(leaving);
            } else {
                listener.lanesRevoked(leaving);
            }
            synchronized (broker.lock) {
                forget(leaving);
                broker.lock.notifyAll();
            }
            taking.done().complete(null);
            taking = nextTaking();
        }
    }

    private Taking nextTaking() {
        synchronized (broker.lock) {
            return takings.poll();
        }
    }

    private void forget(Collection<Lane> leaving) {
        for (StoredMessage stored : broker.stored(address)) {
            if (stored.holder != null && leaving.contains(stored.holder.lane())) {
                stored.holder = null;
            }
        }
        lanes.values().removeAll(leaving);
        paused.removeAll(leaving);
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        broker.onAcknowledge.accept(messages);
        synchronized (broker.lock) {
            for (InboundMessage message : messages) {
                settle((Delivered) message);
            }
        }
    }

    void settle(Delivered delivered) {
        if (delivered.stored.holder == delivered && lanes.containsValue(delivered.lane())) {
            broker.remove(address, delivered.stored);
        }
    }

    @Override
    public void commit(List<? extends Chain> chains) {
        chains.forEach(broker.onCommit);
    }

    @Override
    public void pause(Lane lane) {
        synchronized (broker.lock) {
            paused.add(lane);
        }
    }

    @Override
    public void resume(Lane lane) {
        synchronized (broker.lock) {
            paused.remove(lane);
        }
    }

    @Override
    public void wakeup() {
        synchronized (broker.lock) {
            woken = true;
            broker.lock.notifyAll();
        }
    }

    @Override
    public void close(Duration timeout) {
        synchronized (broker.lock) {
            forget(List.copyOf(lanes.values()));
            takings.forEach(taking -> taking.done().complete(null));
            takings.clear();
            broker.closed(this);
        }
    }
}
