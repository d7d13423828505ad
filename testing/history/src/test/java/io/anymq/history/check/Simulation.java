package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Entry;
import io.anymq.history.Event;
import io.anymq.history.History;
import io.anymq.history.SendOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Histories as a faultless messaging system writes them under all that may befall it: retries, dead letters, parked
 * keys, redrives, crashes and outages with redelivery, zombies, lost confirms, closes, outputs. One seed gives one
 * history. It shares no code with the checker.
 */
final class Simulation {
    /** The precision of the processes' clocks. */
    enum Clocks {
        EXACT,
        /** They tick every 20 µs only, so that there are many ties. */
        COARSE,
        /** Each is off by up to 60 µs. */
        SKEWED
    }

    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    private static final long TICK = 20 * MICRO;
    private static final long SKEW = 120 * MICRO;
    private static final int MAX_ATTEMPTS = 4;
    private static final long BACKOFF = MILLI;
    static final Duration DRAIN_BOUND = Duration.ofMinutes(2);

    private static final RetryRules RETRY = RetryRules.exponential(
                    MAX_ATTEMPTS, Duration.ofNanos(BACKOFF), 2, Duration.ofNanos(4 * BACKOFF))
            .withTolerance(Duration.ofNanos(TICK));

    private record Task(long at, long order, Runnable work) {}

    private static final class Letter {
        final String id;
        final Content content;
        final String key;

        Letter(String id, Content content) {
            this.id = id;
            this.content = content;
            this.key = content.key();
        }
    }

    /** A copy of a message in a source. */
    private static final class Copy {
        final Letter letter;
        int attempt;
        int failuresLeft;
        boolean permanent;
        boolean settled;

        Copy(Letter letter) {
            this.letter = letter;
        }
    }

    private static final class Member {
        final Source source;
        final String name;
        final String process;
        final List<Runnable> whenThawed = new ArrayList<>();
        boolean dead;
        boolean frozen;
        boolean closing;
        int running;

        Member(Source source, int number) {
            this.source = source;
            this.name = source.name.replace('/', '-') + "-" + number;
            this.process = "proc-" + name;
        }

        boolean isGone() {
            return dead || frozen;
        }

        boolean takesWork() {
            return !dead && !frozen && !closing;
        }
    }

    private static final class Lane {
        final Source source;
        final Deque<Copy> waiting = new ArrayDeque<>();
        final Deque<Copy> lately = new ArrayDeque<>();
        Member owner;
        boolean busy;
        boolean calling;
        int epoch;

        Lane(Source source) {
            this.source = source;
        }
    }

    private static final class Source {
        final String name;
        final String destination;
        final Order order;
        final List<Member> members = new ArrayList<>();
        final Map<String, Lane> lanes = new LinkedHashMap<>();
        final Map<String, List<Integer>> dead = new LinkedHashMap<>();
        final Map<String, String> reasons = new HashMap<>();
        final Set<String> effected = new HashSet<>();
        final Set<String> parked = new HashSet<>();
        boolean exists = true;
        boolean effects;
        boolean parks;
        boolean discards;
        String outputsTo;
        int opened;

        Source(String name, String destination, Order order) {
            this.name = name;
            this.destination = destination;
            this.order = order;
        }

        int backlog() {
            return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
        }
    }

    private final SplittableRandom random;
    private final Clocks clocks;
    private final boolean faults;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Letter> letters = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private long now = 1_000 * MILLI;
    private long taskOrder;
    private boolean outage;

    private Simulation(long seed, Clocks clocks, boolean faults) {
        this.random = new SplittableRandom(seed);
        this.clocks = clocks;
        this.faults = faults;
    }

    /** The history of this seed; {@code messages} is about how many are sent. */
    static History run(long seed, Clocks clocks, boolean faults, int messages) {
        Simulation simulation = new Simulation(seed, clocks, faults);
        simulation.play(messages);
        return History.of(simulation.entries);
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
                .clockSkew(clocks == Clocks.SKEWED ? Duration.ofNanos(SKEW) : Duration.ZERO)
                .drainBound(DRAIN_BOUND)
                .build();
    }

    // ------------------------------------------------------------------ the play

    private void play(int messages) {
        Source orders = source("orders", "orders", Order.PER_KEY);
        orders.effects = true;
        orders.outputsTo = "mail";
        source("mail", "mail", Order.PER_KEY);
        source("events/a", "events", Order.PER_KEY);
        source("events/b", "events", Order.PER_KEY).parks = true;
        Source late = source("events/late", "events", Order.PER_KEY);
        late.exists = false;
        source("bulk", "bulk", Order.UNORDERED);
        source("ledger", "ledger", Order.TOTAL).discards = true;
        for (Source source : sources.values()) {
            open(source);
            open(source);
        }
        int perProducer = Math.max(1, messages / 4);
        for (int p = 0; p < 4; p++) {
            String producer = "p" + p;
            String process = p < 2 ? "main" : "sender-" + p;
            produce(producer, process, perProducer);
        }
        long span = perProducer * 200L * MICRO;
        in(random.nextLong(span), () -> {
            late.exists = true;
            record("main", new Event.Provisioned(late.name));
        });
        for (int i = 0; i < 4; i++) {
            in(random.nextLong(span), this::look);
        }
        for (Source source : sources.values()) {
            if (random.nextInt(2) == 0) {
                in(random.nextLong(span), () -> close(source));
            }
            if (faults && random.nextInt(2) == 0) {
                in(random.nextLong(span), () -> crash(source));
            }
            if (faults && random.nextInt(3) == 0) {
                in(random.nextLong(span), () -> freeze(source));
            }
        }
        if (faults && random.nextInt(2) == 0) {
            in(random.nextLong(span), this::breakBroker);
        }
        drain();
        redrive();
        drain();
        sources.values().forEach(this::close);
        drain();
        readBack();
    }

    private Source source(String name, String destination, Order order) {
        Source source = new Source(name, destination, order);
        sources.put(name, source);
        return source;
    }

    private void drain() {
        while (!tasks.isEmpty()) {
            Task task = tasks.poll();
            now = Math.max(now, task.at());
            task.work().run();
        }
    }

    private void in(long delay, Runnable work) {
        tasks.add(new Task(now + delay, taskOrder++, work));
    }

    private void soon(long least, long most, Runnable work) {
        in(least + random.nextLong(most - least + 1), work);
    }

    private void record(String process, Event event) {
        long at = now;
        if (clocks == Clocks.COARSE) {
            at -= at % TICK;
        } else if (clocks == Clocks.SKEWED) {
            at += offsets.computeIfAbsent(process, key -> random.nextLong(SKEW) - SKEW / 2);
        }
        entries.add(new Entry(process, sequences.merge(process, 1L, Long::sum), at, event));
    }

    private void look() {
        sources.values().forEach(source -> record("main", new Event.BacklogSeen(source.name, source.backlog())));
    }

    private void redrive() {
        for (Source source : sources.values()) {
            for (String id : List.copyOf(source.dead.keySet())) {
                if (random.nextInt(3) == 0) {
                    Letter letter = letters.get(source.destination + " " + id);
                    List<Integer> copies = source.dead.get(id);
                    copies.remove(copies.size() - 1);
                    source.parked.remove(letter.key);
                    record("main", new Event.Redriven(source.name, id));
                    store(source, letter, 0);
                }
            }
        }
    }

    private void readBack() {
        for (Source source : sources.values()) {
            source.dead.forEach((id, copies) -> copies.forEach(attempts -> record(
                    "main",
                    new Event.DeadLetterFound(
                            source.name,
                            id,
                            letters.get(source.destination + " " + id).content,
                            attempts,
                            source.reasons.get(id)))));
            source.effected.stream().sorted().forEach(id -> record("main", new Event.EffectApplied(source.name, id)));
        }
        now += MILLI;
        look();
    }

    // ------------------------------------------------------------------ sending

    private void produce(String producer, String process, int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            in(i * 200L * MICRO + random.nextLong(150 * MICRO), () -> sendOne(producer, process, number));
        }
        if (faults && random.nextInt(3) == 0) {
            String last = producer + "-last";
            in(count * 200L * MICRO + MILLI, () -> {
                record(process, new Event.ProducerCrashed(producer));
                send(producer, process, "bulk", letter("bulk", last, null), 0, null);
            });
        }
    }

    private void sendOne(String producer, String process, int number) {
        String destination =
                switch (random.nextInt(5)) {
                    case 0 -> "orders";
                    case 1, 2 -> "events";
                    case 3 -> "bulk";
                    default -> "ledger";
                };
        String id = producer + "-" + number;
        boolean keyless = destination.equals("bulk") || random.nextInt(10) == 0;
        String key = keyless ? null : "k" + random.nextInt(5);
        long delay = destination.equals("bulk") && random.nextInt(4) == 0 ? random.nextLong(3 * MILLI) : 0;
        Letter letter = letter(destination, id, key);
        int luck = outage ? 90 + random.nextInt(10) : random.nextInt(100);
        SendOutcome outcome =
                luck < 90 ? SendOutcome.CONFIRMED : luck < 94 ? SendOutcome.REJECTED : SendOutcome.UNKNOWN;
        send(producer, process, destination, letter, delay, outcome);
        if (luck >= 97) {
            // the caller who knows nothing sends it again, and so does one who was refused
            in(600 * MICRO, () -> send(producer, process, destination, letter, delay, SendOutcome.CONFIRMED));
        }
    }

    private Letter letter(String destination, String id, String key) {
        return letters.computeIfAbsent(
                destination + " " + id, name -> new Letter(id, new Content(key, random.nextLong(), random.nextLong())));
    }

    private void send(
            String producer, String process, String destination, Letter letter, long delay, SendOutcome outcome) {
        record(process, new Event.Sent(producer, destination, letter.id, letter.content, delay));
        boolean stored = outcome == SendOutcome.CONFIRMED || (outcome != SendOutcome.REJECTED && random.nextBoolean());
        if (stored) {
            in(50 * MICRO, () -> arrive(destination, letter, delay));
        }
        if (outcome != null) {
            soon(
                    60 * MICRO,
                    400 * MICRO,
                    () -> record(process, new Event.SendEnded(producer, destination, letter.id, outcome)));
        }
    }

    private void arrive(String destination, Letter letter, long delay) {
        for (Source source : sources.values()) {
            if (source.destination.equals(destination) && source.exists) {
                int luck = random.nextInt(20);
                int failures = luck < 14 ? 0 : luck < 18 ? 1 + random.nextInt(2) : MAX_ATTEMPTS;
                if (delay == 0) {
                    store(source, letter, failures);
                } else {
                    in(delay, () -> store(source, letter, failures));
                }
            }
        }
    }

    private void store(Source source, Letter letter, int failures) {
        String name = source.order == Order.TOTAL
                ? ""
                : source.order == Order.UNORDERED || letter.key == null ? "alone " + taskOrder++ : letter.key;
        Lane lane = source.lanes.computeIfAbsent(name, key -> new Lane(source));
        Copy copy = new Copy(letter);
        copy.failuresLeft = failures;
        copy.permanent = failures > 0 && random.nextInt(5) == 0;
        lane.waiting.add(copy);
        pump(lane);
    }

    // ------------------------------------------------------------------ consuming

    private Member open(Source source) {
        Member member = new Member(source, source.opened++);
        record("main", new Event.ConsumerOpened(source.name, member.name));
        source.members.add(member);
        List.copyOf(source.lanes.values()).forEach(this::pump);
        return member;
    }

    private void pump(Lane lane) {
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
            lane.owner = able.get(random.nextInt(able.size()));
        }
        lane.busy = true;
        int epoch = lane.epoch;
        soon(10 * MICRO, 200 * MICRO, () -> begin(lane, lane.waiting.peek(), epoch));
    }

    private void begin(Lane lane, Copy copy, int epoch) {
        if (lane.epoch != epoch) {
            return;
        }
        if (lane.owner.isGone()) {
            return;
        }
        if (!lane.owner.takesWork()) {
            release(lane);
            return;
        }
        Member member = lane.owner;
        Source source = lane.source;
        Letter letter = copy.letter;
        if (source.effected.contains(letter.id)) {
            record(member.process, new Event.DuplicateSkipped(source.name, member.name, letter.id));
            finish(lane, copy, member);
            return;
        }
        if (letter.key != null && source.parked.contains(letter.key)) {
            bury(lane, copy, member, "KEY_PARKED");
            return;
        }
        copy.attempt++;
        int attempt = copy.attempt;
        record(member.process, new Event.HandlerStarted(source.name, member.name, letter.id, attempt, letter.content));
        lane.calling = true;
        member.running++;
        soon(50 * MICRO, 500 * MICRO, () -> end(lane, copy, epoch, member, attempt));
    }

    private void end(Lane lane, Copy copy, int epoch, Member member, int attempt) {
        if (member.dead) {
            return;
        }
        if (member.frozen) {
            member.whenThawed.add(() -> end(lane, copy, epoch, member, attempt));
            return;
        }
        member.running--;
        Source source = lane.source;
        String id = copy.letter.id;
        if (lane.epoch != epoch) {
            // a zombie: its outputs are fenced off, and where there is an inbox its transaction is, too
            record(member.process, new Event.HandlerEnded(source.name, member.name, id, attempt, !source.effects));
            return;
        }
        lane.calling = false;
        boolean succeeded = copy.failuresLeft == 0;
        String output = "out-" + id;
        if (source.outputsTo != null && (succeeded || random.nextBoolean())) {
            Letter letter = letter(source.outputsTo, output, copy.letter.key);
            record(
                    member.process,
                    new Event.OutputPublished(
                            source.name, member.name, id, attempt, source.outputsTo, output, letter.content));
        }
        if (succeeded && source.effects) {
            source.effected.add(id);
        }
        record(member.process, new Event.HandlerEnded(source.name, member.name, id, attempt, succeeded));
        if (!succeeded) {
            failed(lane, copy, member);
        } else if (source.outputsTo == null) {
            finish(lane, copy, member);
        } else {
            confirmOutput(lane, copy, epoch, member, output);
        }
    }

    private void confirmOutput(Lane lane, Copy copy, int epoch, Member member, String output) {
        Source source = lane.source;
        // once the broker has it, so is it, whatever becomes of the consumer
        in(30 * MICRO, () -> arrive(source.outputsTo, letters.get(source.outputsTo + " " + output), 0));
        member.running++;
        soon(40 * MICRO, 300 * MICRO, () -> {
            if (member.dead || member.frozen || lane.epoch != epoch) {
                member.running--;
                return;
            }
            member.running--;
            record(
                    member.process,
                    new Event.OutputConfirmed(source.name, member.name, copy.letter.id, source.outputsTo, output));
            finish(lane, copy, member);
        });
    }

    private void failed(Lane lane, Copy copy, Member member) {
        copy.failuresLeft--;
        if (copy.permanent && copy.failuresLeft <= 1) {
            bury(lane, copy, member, "PERMANENT");
        } else if (copy.attempt >= MAX_ATTEMPTS) {
            bury(lane, copy, member, "MAX_ATTEMPTS");
        } else if (member.closing) {
            copy.attempt = 0;
            release(lane);
        } else {
            int epoch = lane.epoch;
            long wait = Math.min(BACKOFF << (copy.attempt - 1), 4 * BACKOFF);
            soon(wait, wait + wait / 5, () -> begin(lane, copy, epoch));
        }
    }

    private void bury(Lane lane, Copy copy, Member member, String reason) {
        Source source = lane.source;
        String id = copy.letter.id;
        if (source.discards) {
            finish(lane, copy, member);
            return;
        }
        int epoch = lane.epoch;
        int attempts = reason.equals("KEY_PARKED") ? 0 : copy.attempt;
        member.running++;
        in(80 * MICRO, () -> {
            member.running--;
            if (member.dead || member.frozen || lane.epoch != epoch) {
                return;
            }
            source.dead.computeIfAbsent(id, key -> new ArrayList<>()).add(attempts);
            source.reasons.put(id, reason);
            record(member.process, new Event.DeadLettered(source.name, member.name, id, attempts, reason));
            if (source.parks && copy.letter.key != null && random.nextInt(3) == 0) {
                source.parked.add(copy.letter.key);
                soon(3 * MILLI, 9 * MILLI, () -> source.parked.remove(copy.letter.key));
            }
            finish(lane, copy, member);
        });
    }

    private void finish(Lane lane, Copy copy, Member member) {
        copy.settled = false;
        member.running++;
        settle(lane.source, copy, member);
        lane.waiting.remove(copy);
        lane.lately.addLast(copy);
        if (lane.lately.size() > 4 && lane.lately.getFirst().settled) {
            lane.lately.removeFirst();
        }
        lane.busy = false;
        pump(lane);
    }

    private void settle(Source source, Copy copy, Member member) {
        soon(20 * MICRO, 300 * MICRO, () -> {
            if (outage && !member.dead && !member.frozen) {
                settle(source, copy, member);
                return;
            }
            member.running--;
            if (!member.dead && !member.frozen) {
                copy.settled = true;
                record(member.process, new Event.Settled(source.name, member.name, copy.letter.id));
            }
        });
    }

    /** The lane goes to another member; what runs in it has ended or no longer matters. */
    private void release(Lane lane) {
        lane.epoch++;
        lane.busy = false;
        lane.calling = false;
        lane.owner = null;
        soon(50 * MICRO, 400 * MICRO, () -> pump(lane));
    }

    /** The broker gives out again what was not settled for good. */
    private void rewind(Lane lane) {
        Copy running = lane.waiting.peek();
        if (running != null) {
            running.attempt = Math.min(random.nextInt(running.attempt + 1), MAX_ATTEMPTS - 1);
        }
        int repeated = random.nextInt(lane.lately.size() + 1);
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

    // ------------------------------------------------------------------ what befalls it

    private Member anyOf(Source source) {
        List<Member> able = source.members.stream().filter(Member::takesWork).toList();
        return able.isEmpty() ? null : able.get(random.nextInt(able.size()));
    }

    private void crash(Source source) {
        Member victim = anyOf(source);
        if (victim == null) {
            return;
        }
        record("main", new Event.ConsumerCrashed(source.name, victim.name));
        soon(0, 60 * MICRO, () -> {
            victim.dead = true;
            in(MILLI, () -> {
                open(source);
                takeFrom(victim);
            });
        });
    }

    private void takeFrom(Member member) {
        for (Lane lane : member.source.lanes.values()) {
            if (lane.owner == member) {
                rewind(lane);
                release(lane);
            }
        }
    }

    private void freeze(Source source) {
        Member victim = anyOf(source);
        if (victim == null) {
            return;
        }
        String fault = "frozen " + victim.name;
        record("main", new Event.FaultBegan(fault, victim.name));
        victim.frozen = true;
        in(MILLI, () -> {
            open(source);
            takeFrom(victim);
        });
        in(5 * MILLI, () -> {
            victim.frozen = false;
            List.copyOf(victim.whenThawed).forEach(Runnable::run);
            victim.whenThawed.clear();
            soon(500 * MICRO, MILLI, () -> record("main", new Event.FaultHealed(fault)));
        });
    }

    private void close(Source source) {
        Member member = anyOf(source);
        if (member == null) {
            return;
        }
        if (!tasks.isEmpty()) {
            open(source);
        }
        record("main", new Event.ConsumerClosing(source.name, member.name));
        member.closing = true;
        for (Lane lane : source.lanes.values()) {
            if (lane.owner == member && !lane.calling && member.running == 0) {
                Copy waiting = lane.waiting.peek();
                if (waiting != null) {
                    waiting.attempt = 0;
                }
                release(lane);
            }
        }
        awaitClosed(source, member);
    }

    private void awaitClosed(Source source, Member member) {
        if (member.dead) {
            return;
        }
        if (member.running == 0) {
            // whatever it still owns waits for a retry
            for (Lane lane : source.lanes.values()) {
                if (lane.owner == member) {
                    if (lane.waiting.peek() != null) {
                        lane.waiting.peek().attempt = 0;
                    }
                    release(lane);
                }
            }
            record("main", new Event.ConsumerClosed(source.name, member.name, true));
        } else {
            in(100 * MICRO, () -> awaitClosed(source, member));
        }
    }

    private void breakBroker() {
        outage = true;
        record("main", new Event.FaultBegan("broker down", null));
        soon(2 * MILLI, 5 * MILLI, () -> {
            outage = false;
            record("main", new Event.FaultHealed("broker down"));
            for (Source source : sources.values()) {
                for (Lane lane : source.lanes.values()) {
                    boolean idle = !lane.busy && lane.owner != null && lane.owner.takesWork();
                    if (idle) {
                        rewind(lane);
                        lane.epoch++;
                        pump(lane);
                    }
                }
            }
        });
    }
}
