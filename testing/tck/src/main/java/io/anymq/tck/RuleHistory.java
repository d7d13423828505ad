package io.anymq.tck;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.Message;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Source;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.history.Content;
import io.anymq.history.Entry;
import io.anymq.history.Event;
import io.anymq.history.History;
import io.anymq.history.HistoryRecorder;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Expectations;
import io.anymq.history.check.GiveUp;
import io.anymq.history.check.HistoryChecker;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Order;
import io.anymq.history.check.Report;
import io.anymq.history.check.RetryRules;
import io.anymq.history.check.SourceRules;
import io.anymq.history.check.Verdict;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The history of one rule's clients, consumers and killed processes, and its check: the rule's own assertions look at
 * what the rule is about, the fourteen invariants at everything. Thread-safe.
 */
final class RuleHistory {
    /** The invariants that cannot be observed from outside the engine; docs/tck.md says why. */
    private static final Invariant[] HIDDEN = {Invariant.I9, Invariant.I10, Invariant.I11, Invariant.I12};

    private static final Invariant[] COMPLETE = {Invariant.I1, Invariant.I4, Invariant.I13};

    /** A wait that is spent at the broker is counted in milliseconds, by both. */
    private static final Duration BROKERS_CLOCK = Duration.ofMillis(2);

    private static final int EXCERPT = 40;

    private final HistoryRecorder events = HistoryRecorder.inMemory("rule");

    private final Map<String, Followed> sources = new ConcurrentHashMap<>();
    private final List<Consumer> consumers = new CopyOnWriteArrayList<>();
    private final List<CrashableConsumer> crashables = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /** Of one message. */
    private record LastCall(String consumer, int attempt) {}

    /** A source with consumers, and all the policies it is consumed with. */
    private static final class Followed {
        final Source source;
        final List<RetryPolicy> retries = new CopyOnWriteArrayList<>();
        final List<DeadLetterPolicy> deadLetters = new CopyOnWriteArrayList<>();
        final Map<String, LastCall> lastCalls = new ConcurrentHashMap<>();
        final AtomicInteger dead = new AtomicInteger();

        Followed(Source source) {
            this.source = source;
        }
    }

    /** A name that is unique in this history. */
    String name(String what) {
        return what + "-" + numbers.incrementAndGet();
    }

    void record(Event event) {
        events.record(event);
    }

    static Content content(@Nullable String key, Object body, Map<String, String> headers) {
        byte[] bytes = body instanceof byte[] raw ? raw : String.valueOf(body).getBytes(StandardCharsets.UTF_8);
        return Content.of(key, bytes, headers);
    }

    void sending(String producer, Destination destination, String id, Message<?> message) {
        Duration delay = message.delay();
        record(new Event.Sent(
                producer,
                destination.name(),
                id,
                content(message.key(), message.body(), message.headers()),
                delay == null ? 0 : delay.toNanos()));
    }

    void sent(String producer, Destination destination, String id, SendOutcome outcome) {
        record(new Event.SendEnded(producer, destination.name(), id, outcome));
    }

    /** A consumer is about to start; returns its name. */
    String joining(Source source, RetryPolicy retry, DeadLetterPolicy deadLetter) {
        String consumer = name("consumer");
        follow(source, retry, deadLetter);
        record(new Event.ConsumerOpened(source.path(), consumer));
        return consumer;
    }

    private void follow(Source source, RetryPolicy retry, DeadLetterPolicy deadLetter) {
        Followed followed = follow(source);
        followed.retries.add(retry);
        followed.deadLetters.add(deadLetter);
    }

    private Followed follow(Source source) {
        return sources.computeIfAbsent(source.path(), path -> new Followed(source));
    }

    /** A queue must also deliver messages sent before it was provisioned, because the producer has provisioned it. */
    void provisioned(Source source) {
        if (source instanceof Subscription) {
            follow(source);
            record(new Event.Provisioned(source.path()));
        }
    }

    /** It must have nothing left in hand when the history is checked. */
    void running(Consumer consumer) {
        consumers.add(consumer);
    }

    private boolean isQuiet() {
        return consumers.stream().allMatch(consumer -> consumer.inFlight() == 0);
    }

    void started(String consumer, Delivery<?> delivery) {
        String path = delivery.source().path();
        follow(delivery.source()).lastCalls.put(delivery.id(), new LastCall(consumer, delivery.attempt()));
        record(new Event.HandlerStarted(
                path,
                consumer,
                delivery.id(),
                delivery.attempt(),
                content(delivery.key(), delivery.body(), delivery.headers())));
    }

    void ended(String consumer, Delivery<?> delivery, boolean succeeded) {
        record(new Event.HandlerEnded(
                delivery.source().path(), consumer, delivery.id(), delivery.attempt(), succeeded));
    }

    /** For one client. */
    MessagingObserver observer() {
        String unknown = name("client");
        return new MessagingObserver() {
            private LastCall lastCall(Source source, String id) {
                return follow(source).lastCalls.getOrDefault(id, new LastCall(unknown, 0));
            }

            @Override
            public void settled(MessagingEvent.Settled event) {
                record(new Event.Settled(
                        event.source().path(),
                        lastCall(event.source(), event.messageId()).consumer(),
                        event.messageId()));
            }

            @Override
            public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
                record(new Event.DuplicateSkipped(
                        event.source().path(),
                        lastCall(event.source(), event.messageId()).consumer(),
                        event.messageId()));
            }

            @Override
            public void deadLettered(MessagingEvent.DeadLettered event) {
                LastCall last = lastCall(event.source(), event.messageId());
                follow(event.source()).dead.incrementAndGet();
                record(new Event.DeadLettered(
                        event.source().path(),
                        last.consumer(),
                        event.messageId(),
                        last.attempt(),
                        event.reason().name()));
            }
        };
    }

    /** The same consumer, its kill written down. It writes its own calls down. */
    CrashableConsumer watch(CrashSpec spec, CrashableConsumer crashable) {
        String path = spec.queue().path();
        follow(
                spec.queue(),
                spec.stop() == null ? RetryPolicy.DEFAULT : CrashConsumer.stepwise(),
                DeadLetterPolicy.DEFAULT);
        crashables.add(crashable);
        return new CrashableConsumer() {
            @Override
            public List<String> started() {
                return crashable.started();
            }

            @Override
            public List<String> settled() {
                return crashable.settled();
            }

            @Override
            public boolean stopped() {
                return crashable.stopped();
            }

            @Override
            public History history() {
                return crashable.history();
            }

            @Override
            public void crash() throws Exception {
                record(new Event.ConsumerCrashed(path, spec.name()));
                crashable.crash();
            }

            @Override
            public void close() {
                crashable.close();
            }
        };
    }

    /**
     * Checks it, after everything the rule asserts has held.
     *
     * @throws AssertionError with the violated invariants, their proof and the events around it
     */
    void check(HistoryScope scope, PlainClient plain, Duration patience) throws Exception {
        boolean complete = scope == HistoryScope.TO_THE_END;
        if (complete) {
            waitFor(
                    () -> isQuiet()
                            && check(history(), patience, false, COMPLETE)
                                    .having(Verdict.VIOLATED)
                                    .isEmpty(),
                    patience);
        }
        boolean read = complete && readDeadLetters(plain, patience);
        History history = history();
        Report report = check(history, patience, read, complete ? Invariant.values() : soFar());
        Set<Invariant> violated = report.having(Verdict.VIOLATED);
        if (!violated.isEmpty()) {
            throw new AssertionError("the rule's assertions hold, but its history violates " + violated + "\n" + report
                    + excerpt(history, report));
        }
        report.requireProven(complete ? EnumSet.of(Invariant.I1, Invariant.I2) : EnumSet.of(Invariant.I2));
    }

    private static Invariant[] soFar() {
        EnumSet<Invariant> checked = EnumSet.allOf(Invariant.class);
        checked.removeAll(List.of(COMPLETE));
        return checked.toArray(new Invariant[0]);
    }

    private static void waitFor(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean() && deadline - System.nanoTime() > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(20).toNanos());
        }
    }

    private History history() {
        List<History> parts = new ArrayList<>(List.of(events.history()));
        crashables.forEach(crashable -> parts.add(crashable.history()));
        return History.merge(parts);
    }

    /** Whether there is anything to read. */
    private boolean readDeadLetters(PlainClient plain, Duration patience) throws Exception {
        boolean any = false;
        for (Followed followed : sources.values()) {
            int expected = followed.dead.get();
            if (expected == 0) {
                continue;
            }
            any = true;
            for (PlainMessage dead : plain.read(deadLetterQueue(followed), expected, patience)) {
                Map<String, String> headers = dead.headers();
                record(new Event.DeadLetterFound(
                        followed.source.path(),
                        String.valueOf(dead.id()),
                        Content.of(dead.key(), dead.body(), headers),
                        Integer.parseInt(headers.getOrDefault(WireHeaders.DEAD_ATTEMPTS, "-1")),
                        headers.getOrDefault(WireHeaders.DEAD_REASON, "")));
            }
        }
        return any;
    }

    private static String deadLetterQueue(Followed followed) {
        for (DeadLetterPolicy policy : followed.deadLetters) {
            if (policy.queue().isPresent()) {
                return policy.queue().get();
            }
        }
        return followed.source.path().replace('/', '-') + "-dead";
    }

    private Report check(History history, Duration patience, boolean deadLettersRead, Invariant... invariants) {
        Expectations.Builder expectations =
                Expectations.builder().aftermath(isUndisturbed(history) ? Duration.ZERO : patience);
        new LinkedHashMap<>(sources).values().forEach(followed -> {
            SourceRules rules = rules(followed, deadLettersRead);
            if (followed.source instanceof Subscription subscription) {
                expectations.subscription(
                        subscription.topic().name(),
                        subscription.name(),
                        subscription.start() == StartPosition.EARLIEST ? rules.startingFromEarliest() : rules);
            } else {
                expectations.queue(followed.source.path(), rules);
            }
        });
        return HistoryChecker.check(
                history, expectations.only(invariants).without(HIDDEN).build());
    }

    /**
     * Whether each source had one consumer at most and nothing was broken, so that nothing can pass for an aftermath.
     */
    private static boolean isUndisturbed(History history) {
        Set<String> consumed = new HashSet<>();
        return history.entries().stream()
                .map(Entry::event)
                .noneMatch(event -> event instanceof Event.FaultBegan
                        || (event instanceof Event.ConsumerOpened opened && !consumed.add(opened.source())));
    }

    /** Of several policies the most lenient, because it is unknown which consumer a message would have come to. */
    private static SourceRules rules(Followed followed, boolean deadLettersRead) {
        List<RetryPolicy> retries = List.copyOf(followed.retries);
        Ordering ordering = followed.source.ordering();
        int attempts = retries.stream().mapToInt(RetryPolicy::maxAttempts).max().orElse(1);
        Duration initial =
                shortest(retries.stream().map(RetryPolicy::initialDelay).toList());
        Duration longest = shortest(retries.stream().map(RetryPolicy::maxDelay).toList());
        RetryRules retry = new RetryRules(
                attempts,
                initial,
                retries.stream().mapToDouble(RetryPolicy::multiplier).min().orElse(1),
                longest.compareTo(initial) < 0 ? initial : longest,
                ordering == Ordering.UNORDERED ? BROKERS_CLOCK : Duration.ZERO,
                retries.stream()
                        .anyMatch(policy -> policy.maxAttempts() < attempts
                                || !policy.maxElapsed().isZero()));
        SourceRules rules = SourceRules.of(Order.valueOf(ordering.name()))
                .retry(retry)
                .giveUp(giveUp(followed.deadLetters))
                .recordingSettlements();
        return deadLettersRead ? rules.readingDeadLetters() : rules;
    }

    private static Duration shortest(List<Duration> durations) {
        return durations.stream().min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private static GiveUp giveUp(List<DeadLetterPolicy> policies) {
        if (policies.stream().anyMatch(policy -> policy.then() == DeadLetterPolicy.Then.STOP)) {
            return GiveUp.STOP;
        }
        return policies.stream().anyMatch(DeadLetterPolicy::isDiscard) ? GiveUp.DISCARD : GiveUp.DEAD_LETTER;
    }

    /** The events around the first violation. */
    private static String excerpt(History history, Report report) {
        List<Entry> entries = history.entries();
        List<Entry> proof = report.violations().get(0).proof();
        if (proof.isEmpty()) {
            return "";
        }
        int from = Math.max(0, entries.indexOf(proof.get(0)) - EXCERPT / 4);
        int to = Math.min(entries.size(), from + EXCERPT);
        StringBuilder out = new StringBuilder("\n  events " + (from + 1) + " to " + to + " of " + entries.size() + ":");
        entries.subList(from, to).forEach(entry -> out.append("\n      ").append(entry));
        return out.toString();
    }
}
