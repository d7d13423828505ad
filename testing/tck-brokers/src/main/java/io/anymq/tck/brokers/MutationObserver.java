package io.anymq.tck.brokers;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingEvent;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.Source;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Counts dead letters, and keeps what should not happen: untyped errors, failed sends, consumers that are not well. */
final class MutationObserver implements MessagingObserver {
    /** What handlers throw. */
    static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1;

        Deliberate() {
            super("on purpose", null, false, false);
        }
    }

    /** Set when consumers are closed, which then say that they are down. */
    volatile boolean closing;

    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> dead = new ConcurrentHashMap<>();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();

    List<String> troubles() {
        return troubles;
    }

    /** Dead letters of a queue. */
    int dead(String queue) {
        return dead.getOrDefault(queue, 0);
    }

    /** Dead letters by reason. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    /** What was so far does not count. */
    void reset() {
        troubles.clear();
        reasons.clear();
    }

    private void judge(String event, String id, @Nullable Throwable failure) {
        boolean typed = failure instanceof MessagingException error && error.code() != ErrorCode.INTERNAL;
        if (failure != null && !typed && !(failure instanceof Deliberate)) {
            troubles.add(event + " " + id + ": " + failure + at(failure));
        }
    }

    private static String name(Source source) {
        return source instanceof Queue queue ? queue.name() : source.toString();
    }

    private static String at(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            all.append(each == failure ? "" : " caused by " + each);
            StackTraceElement[] trace = each.getStackTrace();
            for (int i = 0; i < Math.min(6, trace.length); i++) {
                all.append("\n    at ").append(trace[i]);
            }
        }
        return all.toString();
    }

    @Override
    public void sendEnded(MessagingEvent.SendEnded event) {
        SendException failure = event.failure();
        if (failure != null) {
            troubles.add("a send of " + event.messageId() + " to "
                    + event.destination().name() + " failed: " + failure + at(failure));
        }
    }

    @Override
    public void attemptEnded(MessagingEvent.AttemptEnded event) {
        judge("an attempt at", event.messageId(), event.failure());
    }

    @Override
    public void deadLettered(MessagingEvent.DeadLettered event) {
        judge("the dead letter", event.messageId(), event.failure());
        dead.merge(name(event.source()), 1, Integer::sum);
        reasons.merge(event.reason().name(), 1, Integer::sum);
    }

    @Override
    public void discarded(MessagingEvent.Discarded event) {
        troubles.add(event.messageId() + " was discarded");
    }

    @Override
    public void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {
        troubles.add(event.messageId() + " was taken for a duplicate");
    }

    @Override
    public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
        if (event.health().status() != Health.Status.UP && !closing) {
            troubles.add("the consumer of " + name(event.source()) + " was not well: " + event.health());
        }
    }
}
