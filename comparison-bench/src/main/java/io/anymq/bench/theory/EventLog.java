package io.anymq.bench.theory;

import io.anymq.Destination;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.SendException;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Expectations;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Order;
import io.anymq.history.check.RetryRules;
import io.anymq.history.check.SourceRules;
import io.anymq.policy.Ordering;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Everything that happens in a demonstration, for the history checker. Thread-safe. */
final class EventLog implements MessagingObserver {
    /** How long a broker's crash may have effects: brokers notice a dead session late. */
    private static final Duration AFTERMATH = Duration.ofSeconds(30);

    private static final String PRODUCER = "sender";

    private static final String FAULT = "broker killed";

    /** Nothing is recorded for these (outputs, effects, backlogs), and the latency of other keys is not guaranteed here. */
    private static final Set<Invariant> NOT_RECORDED =
            EnumSet.of(Invariant.I9, Invariant.I10, Invariant.I11, Invariant.I12, Invariant.I13);

    private final HistoryRecorder recorder = HistoryRecorder.inMemory("client");
    private final Map<String, Source> sources = new ConcurrentHashMap<>();
    private final Map<String, RetryRules> retries = new ConcurrentHashMap<>();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final Set<Invariant> leftOut = ConcurrentHashMap.newKeySet();
    private final AtomicLong messages = new AtomicLong();
    private boolean broken;

    EventLog() {
        leftOut.addAll(NOT_RECORDED);
    }

    private static Content content(@Nullable String key, String body) {
        return Content.of(key, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A source is about to be consumed. */
    void consuming(Source source) {
        sources.putIfAbsent(source.path(), source);
    }

    /** The source exists: it must receive everything that is sent from now on. */
    void provisioned(Source source) {
        if (source instanceof Subscription) {
            recorder.record(new Event.Provisioned(source.path()));
        }
    }

    void expectRetries(Source source, int maxAttempts, Duration delay) {
        retries.put(source.path(), RetryRules.fixed(maxAttempts, delay).withTolerance(Duration.ofMillis(2)));
    }

    void leaveOut(Invariant... invariants) {
        leftOut.addAll(List.of(invariants));
    }

    /** A send begins; {@code id} is reused only for the same message. */
    void sending(Destination destination, String id, @Nullable String key, String body) {
        messages.incrementAndGet();
        recorder.record(new Event.Sent(PRODUCER, destination.name(), id, content(key, body)));
    }

    void sent(Destination destination, String id, @Nullable Throwable failure) {
        recorder.record(new Event.SendEnded(PRODUCER, destination.name(), id, outcome(failure)));
    }

    private static SendOutcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return SendOutcome.CONFIRMED;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SendException send && send.outcome() == SendException.Outcome.REJECTED
                ? SendOutcome.REJECTED
                : SendOutcome.UNKNOWN;
    }

    void handling(String consumer, Source source, String id, int attempt, @Nullable String key, String body) {
        attempts.put(source.path() + " " + id, attempt);
        recorder.record(new Event.HandlerStarted(source.path(), consumer, id, attempt, content(key, body)));
    }

    void handled(String consumer, Source source, String id, int attempt, boolean succeeded) {
        recorder.record(new Event.HandlerEnded(source.path(), consumer, id, attempt, succeeded));
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        if (sources.containsKey(event.source().path())) {
            int attempt = attempts.getOrDefault(event.source().path() + " " + event.messageId(), 0);
            recorder.record(new Event.DeadLettered(
                    event.source().path(),
                    FIRST,
                    event.messageId(),
                    attempt,
                    event.reason().name()));
        }
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        if (sources.containsKey(event.source().path())) {
            recorder.record(new Event.DuplicateSkipped(event.source().path(), FIRST, event.messageId()));
        }
    }

    /** The consumer that events without a consumer's name are booked to. */
    private static final String FIRST = "consumer-1";

    synchronized void faultBegan() {
        broken = true;
        recorder.record(new Event.FaultBegan(FAULT, null));
    }

    synchronized void faultHealed() {
        if (broken) {
            broken = false;
            recorder.record(new Event.FaultHealed(FAULT));
        }
    }

    /** The checker's verdict, or null if nothing was sent or nothing was consumed. */
    @Nullable
    HistoryCheck check() {
        if (messages.get() == 0 || sources.isEmpty()) {
            return null;
        }
        Expectations.Builder expectations =
                Expectations.builder().aftermath(AFTERMATH).without(leftOut.toArray(Invariant[]::new));
        sources.forEach((name, source) -> {
            SourceRules rules = SourceRules.of(order(source.ordering()));
            RetryRules retry = retries.get(name);
            SourceRules known = retry == null ? rules : rules.retry(retry);
            if (source instanceof Subscription subscription) {
                expectations.subscription(subscription.topic().name(), subscription.name(), known);
            } else {
                expectations.queue(name, known);
            }
        });
        return HistoryCheck.of(recorder.history(), expectations.build(), messages.get(), true);
    }

    private static Order order(Ordering ordering) {
        return switch (ordering) {
            case UNORDERED -> Order.UNORDERED;
            case PER_KEY -> Order.PER_KEY;
            case TOTAL -> Order.TOTAL;
        };
    }
}
