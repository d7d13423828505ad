package io.anymq.internal.support;

import io.anymq.internal.support.ManualReceiver.Taking;
import io.anymq.spi.WireMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The messages of a {@link ManualBroker} and their owners. */
public abstract class ManualStore {
    final Object lock = new Object();

    // guarded by the lock
    private final Map<String, List<StoredMessage>> stored = new HashMap<>();
    private final Map<String, Set<String>> subscriptions = new HashMap<>();
    private final List<ManualReceiver> open = new ArrayList<>();
    private final Map<String, Set<Integer>> withheld = new HashMap<>();
    private final Map<String, RuntimeException> failures = new HashMap<>();
    private final Map<String, List<Integer>> polls = new HashMap<>();

    /** Streams of each address that is no redelivery address. */
    public volatile int streams = 1;

    void subscribe(String topic, String subscription) {
        synchronized (lock) {
            subscriptions.computeIfAbsent(topic, name -> new LinkedHashSet<>()).add(subscription);
        }
    }

    void opened(ManualReceiver receiver) {
        synchronized (lock) {
            open.add(receiver);
        }
    }

    /** The broker's clock, if it tells what it stored when. */
    public volatile LongSupplier storesAt = () -> 0;

    /** Stores a text as if another client had sent it. */
    public StoredMessage put(String address, String id, @Nullable String key, Map<String, String> headers) {
        return store(address, StoredMessage.text(id, key, id, headers)).get(0);
    }

    /** Stores a copy under {@code address}, or under each subscription if it is a topic. */
    public List<StoredMessage> store(String address, WireMessage message) {
        synchronized (lock) {
            Set<String> targets =
                    address.startsWith("topic ") ? subscriptions.getOrDefault(address, Set.of()) : Set.of(address);
            List<StoredMessage> copies = new ArrayList<>();
            for (String target : targets) {
                StoredMessage copy = new StoredMessage(message, streamOf(message), storesAt.getAsLong());
                stored.computeIfAbsent(target, name -> new ArrayList<>()).add(copy);
                copies.add(copy);
            }
            lock.notifyAll();
            return copies;
        }
    }

    private int streamOf(WireMessage message) {
        return message.lane() >= 0
                ? message.lane()
                : message.key() == null ? 0 : Math.floorMod(message.key().hashCode(), streams);
    }

    /** Ids of what is at {@code address}, handed out or not. */
    public List<String> ids(String address) {
        return at(address).stream().map(StoredMessage::id).toList();
    }

    /** The messages at {@code address}, handed out or not. */
    public List<StoredMessage> at(String address) {
        synchronized (lock) {
            return List.copyOf(stored(address));
        }
    }

    /**
     * Has the receiver of {@code address} give up these streams, draining them; they are withheld until {@link #grant}.
     */
    public CompletableFuture<Void> revoke(String address, Integer... streams) {
        return take(address, Set.of(streams), false);
    }

    /**
     * Takes these streams from the receiver of {@code address} without asking; they are withheld until {@link #grant}.
     */
    public CompletableFuture<Void> lose(String address, Integer... streams) {
        return take(address, Set.of(streams), true);
    }

    private CompletableFuture<Void> take(String address, Set<Integer> streams, boolean lost) {
        synchronized (lock) {
            withheld.computeIfAbsent(address, name -> new HashSet<>()).addAll(streams);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (ManualReceiver receiver : open) {
                if (receiver.address.equals(address)) {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    receiver.take(new Taking(streams, lost, done));
                    all.add(done);
                }
            }
            lock.notifyAll();
            return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        }
    }

    /** Receivers there may have these streams again, in new lanes. */
    public void grant(String address, Integer... streams) {
        synchronized (lock) {
            withheld.getOrDefault(address, new HashSet<>()).removeAll(Set.of(streams));
            lock.notifyAll();
        }
    }

    /** The next receive at {@code address} throws this. */
    public void failReceive(String address, RuntimeException failure) {
        synchronized (lock) {
            failures.put(address, failure);
            lock.notifyAll();
        }
    }

    /** Lanes of {@code address} that the engine has paused, by the numbers of their streams. */
    public Set<Integer> paused(String address) {
        synchronized (lock) {
            Set<Integer> paused = new HashSet<>();
            open.stream()
                    .filter(receiver -> receiver.address.equals(address))
                    .forEach(receiver -> paused.addAll(receiver.pausedStreams()));
            return paused;
        }
    }

    /**
     * The number of messages requested by each receive at {@code address} so far; 0 only keeps the membership alive.
     */
    public List<Integer> polls(String address) {
        synchronized (lock) {
            return List.copyOf(polls.getOrDefault(address, List.of()));
        }
    }

    // for receivers, with the lock

    void polled(String address, int max) {
        polls.computeIfAbsent(address, name -> new ArrayList<>()).add(max);
    }

    void throwFailure(String address) {
        RuntimeException failure = failures.remove(address);
        if (failure != null) {
            throw failure;
        }
    }

    List<StoredMessage> stored(String address) {
        return stored.getOrDefault(address, List.of());
    }

    void remove(String address, StoredMessage done) {
        stored.getOrDefault(address, new ArrayList<>()).remove(done);
    }

    /** Whether no other receiver has this stream, and it is not withheld. */
    boolean isFree(ManualReceiver to, int stream) {
        return !withheld.getOrDefault(to.address, Set.of()).contains(stream)
                && open.stream()
                        .noneMatch(other -> other != to && other.address.equals(to.address) && other.owns(stream));
    }

    List<ManualReceiver> open() {
        return open;
    }

    void closed(ManualReceiver receiver) {
        open.remove(receiver);
        lock.notifyAll();
    }
}
