package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;
import static io.anymq.history.check.SimulatedTime.MILLI;

import io.anymq.history.Event;
import io.anymq.history.History;
import io.anymq.history.check.SimulatedRecorder.Clocks;
import java.time.Duration;
import java.util.List;

/**
 * Histories as a faultless messaging system writes them under all that may befall it: retries, dead letters, parked
 * keys, redrives, crashes and outages with redelivery, zombies, lost confirms, closes, outputs. One seed gives one
 * history. It shares no code with the checker.
 */
final class Simulation {
    static final Duration DRAIN_BOUND = Duration.ofMinutes(2);

    private static final RetryRules RETRY = RetryRules.exponential(
                    SimulatedBroker.MAX_ATTEMPTS,
                    Duration.ofNanos(SimulatedConsumers.BACKOFF),
                    2,
                    Duration.ofNanos(4 * SimulatedConsumers.BACKOFF))
            .withTolerance(Duration.ofNanos(SimulatedRecorder.TICK));

    private final SimulatedTime time;
    private final SimulatedRecorder recorder;
    private final SimulatedBroker broker;
    private final SimulatedProducers producers;
    private final SimulatedConsumers consumers;
    private final SimulatedFaults faults;
    private final boolean withFaults;

    private Simulation(long seed, Clocks clocks, boolean withFaults) {
        this.time = new SimulatedTime(seed);
        this.recorder = new SimulatedRecorder(time, clocks);
        this.broker = new SimulatedBroker(time);
        this.producers = new SimulatedProducers(time, recorder, broker);
        this.consumers = new SimulatedConsumers(time, recorder, broker);
        this.faults = new SimulatedFaults(time, recorder, broker, consumers);
        this.withFaults = withFaults;
    }

    /** The history of this seed; {@code messages} is about how many are sent. */
    static History run(long seed, Clocks clocks, boolean withFaults, int messages) {
        Simulation simulation = new Simulation(seed, clocks, withFaults);
        simulation.play(messages);
        return simulation.recorder.history();
    }

    /** The expectations that every simulated history meets. */
    static Expectations expectations(Clocks clocks) {
        SourceRules keyed = SourceRules.of(Order.PER_KEY)
                .retry(RETRY)
                .recordingSettlements()
                .readingDeadLetters()
                .latencyBound(Duration.ofSeconds(1));
        return Expectations.builder()
                .queue("orders", keyed.exactlyOnceEffects())
                .queue("mail", keyed)
                .subscription("events", "a", keyed)
                .subscription("events", "b", keyed)
                .subscription("events", "late", keyed)
                .queue(
                        "bulk",
                        SourceRules.of(Order.UNORDERED)
                                .retry(RETRY)
                                .recordingSettlements()
                                .readingDeadLetters()
                                .latencyBound(Duration.ofSeconds(1)))
                .queue(
                        "ledger",
                        SourceRules.of(Order.TOTAL)
                                .retry(RETRY.endingEarly())
                                .recordingSettlements()
                                .giveUp(GiveUp.DISCARD))
                .clockSkew(clocks == Clocks.SKEWED ? Duration.ofNanos(SimulatedRecorder.SKEW) : Duration.ZERO)
                .drainBound(DRAIN_BOUND)
                .build();
    }

    private void play(int messages) {
        SimulatedSource orders = broker.create("orders", "orders", Order.PER_KEY);
        orders.effects = true;
        orders.outputsTo = "mail";
        broker.create("mail", "mail", Order.PER_KEY);
        broker.create("events/a", "events", Order.PER_KEY);
        broker.create("events/b", "events", Order.PER_KEY).parks = true;
        SimulatedSource late = broker.create("events/late", "events", Order.PER_KEY);
        late.exists = false;
        broker.create("bulk", "bulk", Order.UNORDERED);
        broker.create("ledger", "ledger", Order.TOTAL).discards = true;
        for (SimulatedSource source : broker.sources()) {
            consumers.open(source);
            consumers.open(source);
        }
        int perProducer = Math.max(1, messages / 4);
        for (int p = 0; p < 4; p++) {
            String producer = "p" + p;
            String process = p < 2 ? "main" : "sender-" + p;
            producers.produce(producer, process, perProducer, withFaults);
        }
        long span = perProducer * 200L * MICRO;
        time.in(time.random.nextLong(span), () -> {
            late.exists = true;
            recorder.record("main", new Event.Provisioned(late.name));
        });
        for (int i = 0; i < 4; i++) {
            time.in(time.random.nextLong(span), this::look);
        }
        for (SimulatedSource source : broker.sources()) {
            if (time.random.nextInt(2) == 0) {
                time.in(time.random.nextLong(span), () -> consumers.close(source));
            }
            if (withFaults && time.random.nextInt(2) == 0) {
                time.in(time.random.nextLong(span), () -> faults.crash(source));
            }
            if (withFaults && time.random.nextInt(3) == 0) {
                time.in(time.random.nextLong(span), () -> faults.freeze(source));
            }
        }
        if (withFaults && time.random.nextInt(2) == 0) {
            time.in(time.random.nextLong(span), faults::breakBroker);
        }
        time.runAll();
        redrive();
        time.runAll();
        broker.sources().forEach(consumers::close);
        time.runAll();
        readBack();
    }

    private void look() {
        broker.sources()
                .forEach(source -> recorder.record("main", new Event.BacklogSeen(source.name, source.backlog())));
    }

    private void redrive() {
        for (SimulatedSource source : broker.sources()) {
            for (String id : List.copyOf(source.dead.keySet())) {
                if (time.random.nextInt(3) == 0) {
                    SimulatedSource.Letter letter = broker.letter(source.destination, id);
                    List<Integer> copies = source.dead.get(id);
                    copies.remove(copies.size() - 1);
                    source.parked.remove(letter.key);
                    recorder.record("main", new Event.Redriven(source.name, id));
                    broker.store(source, letter, 0);
                }
            }
        }
    }

    private void readBack() {
        for (SimulatedSource source : broker.sources()) {
            source.dead.forEach((id, copies) -> copies.forEach(attempts -> recorder.record(
                    "main",
                    new Event.DeadLetterFound(
                            source.name,
                            id,
                            broker.letter(source.destination, id).content,
                            attempts,
                            source.reasons.get(id)))));
            source.effected.stream()
                    .sorted()
                    .forEach(id -> recorder.record("main", new Event.EffectApplied(source.name, id)));
        }
        time.pass(MILLI);
        look();
    }
}
