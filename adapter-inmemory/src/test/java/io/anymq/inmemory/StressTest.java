package io.anymq.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Producers and consumers side by side on a small queue, while consumers release, close and come back at random and
 * clients and the broker are cut off. Nothing may be lost, nothing settled twice, no key overtaken, no key in two
 * hands.
 */
@Timeout(90)
class StressTest {
    private static final int PRODUCERS = 3;
    private static final int CONSUMERS = 4;
    private static final int KEYS_PER_PRODUCER = 7;
    private static final int PER_PRODUCER = 20_000;

    private final String name = "stress-" + UUID.randomUUID();
    private final InMemoryBroker broker = InMemoryBroker.named(name, new InMemoryBroker.Limits(300, 1 << 20, 8, 1000));
    private final Set<String> settled = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> furthest = new ConcurrentHashMap<>();
    private final Map<String, Holder> holders = new ConcurrentHashMap<>();

    /**
     * How often the cut of a client has begun or ended: odd while it is being cut, when it may connect before the cut takes
     * effect. One that does not know of its latest cut yet may overlap with its successor.
     */
    private final Map<String, AtomicInteger> cuts = new ConcurrentHashMap<>();

    private record Holder(String client, int cutsKnown) {}

    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final RealTime time = new RealTime();

    @ParameterizedTest
    @CsvSource({"PER_KEY,1", "PER_KEY,2", "PER_KEY,3", "TOTAL,4", "UNORDERED,5"})
    void underFire(Ordering ordering, long seed) throws InterruptedException {
        Address address = new Address.OfQueue(new Queue("q", ordering));
        List<Thread> producers = new ArrayList<>();
        List<Thread> others = new ArrayList<>();
        try (Client setup = Client.connect("inmemory:" + name, "setup", Map.of(), time)) {
            setup.provision(address);
            for (int i = 0; i < PRODUCERS; i++) {
                producers.add(start("producer-" + i, new Producing(address, i, ordering)));
            }
            for (int i = 0; i < CONSUMERS; i++) {
                others.add(start("consumer-" + i, new Consuming(address, "consumer-" + i, ordering, seed * 100 + i)));
            }
            others.add(start("chaos", () -> cutOff(new Random(seed))));
            Awaitility.await()
                    .dontCatchUncaughtExceptions()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> settled.size() == PRODUCERS * PER_PRODUCER || !violations.isEmpty());
            done.set(true);
            for (Thread producer : producers) {
                producer.join();
            }
            for (Thread other : others) {
                other.join();
            }
            InMemoryBroker.QueueMetrics metrics = broker.metrics("q").orElseThrow();
            assertThat(violations).as("seed %d, %s", seed, metrics).isEmpty();
            assertThat(metrics.accepted()).isEqualTo(PRODUCERS * PER_PRODUCER);
            assertThat(metrics.settled()).isEqualTo(PRODUCERS * PER_PRODUCER);
            assertThat(metrics.ready() + metrics.inFlight() + metrics.delayed() + metrics.receivers())
                    .isZero();
            assertThat(metrics.bytes()).isZero();
            assertThat(metrics.redelivered()).isPositive();
        } finally {
            // Also what ends the threads when the wait above has failed.
            done.set(true);
            broker.shutdown();
            time.close();
        }
    }

    private Thread start(String threadName, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | AssertionError e) {
                        violations.add(threadName + " failed: " + e);
                        throw e;
                    }
                },
                threadName);
        thread.start();
        return thread;
    }

    private void cutOff(Random random) {
        while (!done.get()) {
            LockSupport.parkNanos(2_000_000L + random.nextInt(10_000_000));
            int what = random.nextInt(10);
            if (what == 0) {
                cuts.values().forEach(AtomicInteger::incrementAndGet);
                broker.stop();
                LockSupport.parkNanos(1_000_000);
                broker.start();
                cuts.values().forEach(AtomicInteger::incrementAndGet);
            } else if (what < 3) {
                broker.disconnect("producer-" + random.nextInt(PRODUCERS));
            } else {
                String client = "consumer-" + random.nextInt(CONSUMERS);
                cuts.get(client).incrementAndGet();
                broker.disconnect(client);
                cuts.get(client).incrementAndGet();
            }
        }
    }

    private static int numberOf(InboundMessage message) {
        return Integer.parseInt(message.id().substring(message.id().indexOf('/') + 1));
    }

    /** Sends its keys in turn; what was not stored is sent again before the next of any key. */
    private final class Producing implements Runnable {
        private final Address address;
        private final int index;
        private final int burst;

        Producing(Address address, int index, Ordering ordering) {
            this.address = address;
            this.index = index;
            this.burst = ordering == Ordering.TOTAL ? 1 : KEYS_PER_PRODUCER;
        }

        @Override
        public void run() {
            try (Client client = Client.connect("inmemory:" + name, "producer-" + index, Map.of(), time)) {
                BrokerSender sender = opened(client);
                for (int sent = 0; sent < PER_PRODUCER && !done.get(); sent += burst) {
                    List<Sent> batch = new ArrayList<>();
                    for (int i = sent; i < Math.min(sent + burst, PER_PRODUCER); i++) {
                        String key = "p" + index + "k" + i % KEYS_PER_PRODUCER;
                        batch.add(Sent.keyed(key + "/" + i / KEYS_PER_PRODUCER, key));
                    }
                    while (!batch.isEmpty() && !done.get()) {
                        batch.forEach(sender::send);
                        batch = batch.stream()
                                .filter(message -> message.outcome() != Sent.Outcome.CONFIRMED)
                                .map(message -> Sent.keyed(message.id(), message.key()))
                                .toList();
                        if (!batch.isEmpty()) {
                            LockSupport.parkNanos(200_000);
                        }
                    }
                }
                sender.close(Duration.ofSeconds(1));
            }
        }

        private BrokerSender opened(Client client) {
            while (true) {
                try {
                    return client.sender(address, Duration.ofSeconds(5));
                } catch (MessagingException e) {
                    retryable(e);
                }
            }
        }
    }

    private void retryable(MessagingException e) {
        if (!e.isRetryable() || violations.size() > 10) {
            throw e;
        }
        LockSupport.parkNanos(200_000);
    }

    private final class Consuming implements Runnable, LaneListener {
        private final Address address;
        private final String client;
        private final boolean exclusive;
        private final Random random;
        private final Set<InboundMessage> held = Collections.newSetFromMap(new IdentityHashMap<>());
        private @Nullable BrokerReceiver receiver;
        private Holder me;

        Consuming(Address address, String client, Ordering ordering, long seed) {
            this.address = address;
            this.client = client;
            this.exclusive = ordering != Ordering.UNORDERED;
            this.random = new Random(seed);
            this.me = new Holder(client, 0);
            cuts.put(client, new AtomicInteger());
        }

        @Override
        public void run() {
            while (!done.get()) {
                me = new Holder(client, cuts.get(client).get());
                try (Client connected = Client.connect("inmemory:" + name, client, Map.of(), time)) {
                    receiver = connected.receiver(address, this);
                    for (int rounds = 50 + random.nextInt(400); rounds > 0 && !done.get(); rounds--) {
                        round();
                    }
                    if (done.get()) {
                        settle(held.stream().toList());
                    }
                    letGo();
                    receiver.close(Duration.ZERO);
                } catch (MessagingException e) {
                    letGo();
                    if (receiver != null) {
                        receiver.close(Duration.ZERO);
                    }
                    retryable(e);
                }
            }
        }

        private void round() {
            receiver.receive(1 + random.nextInt(60), Duration.ofMillis(5)).forEach(this::begin);
            int dice = random.nextInt(10);
            if (dice < 8) {
                List<InboundMessage> some = new ArrayList<>(held);
                Collections.shuffle(some, random);
                settle(some.subList(0, some.size() - random.nextInt(some.size() / 2 + 1)));
            }
        }

        private List<InboundMessage> of(Lane lane) {
            return held.stream().filter(message -> message.lane() == lane).toList();
        }

        private void begin(InboundMessage message) {
            String key = String.valueOf(message.key());
            held.add(message);
            if (!exclusive) {
                return;
            }
            Holder before = holders.put(key, me);
            if (before != null && !before.client().equals(client) && !wasCut(before) && !wasCut(me)) {
                violations.add(key + " is in the hands of " + me + " and " + before);
            }
            int number = numberOf(message);
            AtomicInteger seen = furthest.computeIfAbsent(key, absent -> new AtomicInteger(-1));
            if (number > seen.get() + 1) {
                violations.add(message.id() + " came after " + seen.get());
            }
            seen.accumulateAndGet(number, Math::max);
        }

        private boolean wasCut(Holder holder) {
            int now = cuts.getOrDefault(holder.client(), new AtomicInteger()).get();
            return now != holder.cutsKnown() || now % 2 == 1;
        }

        private void end(InboundMessage message) {
            held.remove(message);
            String key = String.valueOf(message.key());
            if (exclusive && held.stream().noneMatch(other -> key.equals(other.key()))) {
                holders.remove(key, me);
            }
        }

        private void settle(List<InboundMessage> messages) {
            List<InboundMessage> copy = List.copyOf(messages);
            copy.forEach(this::end);
            receiver.acknowledge(copy);
            for (InboundMessage message : copy) {
                if (!settled.add(message.id())) {
                    violations.add(message.id() + " was settled twice");
                }
            }
        }

        private void letGo() {
            List.copyOf(held).forEach(this::end);
        }

        @Override
        public void lanesRevoked(Collection<Lane> lanes) {
            for (Lane lane : lanes) {
                List<InboundMessage> mine = of(lane);
                settle(mine.subList(0, mine.isEmpty() ? 0 : random.nextInt(mine.size())));
                of(lane).forEach(this::end);
            }
        }

        @Override
        public void lanesLost(Collection<Lane> lanes) {
            letGo();
        }
    }
}
