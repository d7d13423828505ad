package io.anymq.micrometer;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * The consumers of one source; after a close it may have none. A source whose consumer was stopped by a failure does not
 * work until another one is started. Thread-safe.
 */
final class OpenConsumers {
    private final List<Consumer> open = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** When the message was sent whose first attempt began last; 0 before there was one. */
    private volatile long latestSentAt;

    @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for it
    void started(Consumer consumer, Runnable onEnd) {
        open.add(consumer);
        stopped = false;
        consumer.whenClosed().whenComplete((closed, failure) -> {
            stopped |= failure != null;
            open.remove(consumer);
            onEnd.run();
        });
    }

    /** Neither works nor should: there is nothing to show. */
    boolean isOver() {
        return open.isEmpty() && !stopped;
    }

    void attemptBegins(Delivery<?> delivery) {
        long sentAt = delivery.sentAt().toEpochMilli();
        if (delivery.attempt() == 1 && sentAt > 0) {
            latestSentAt = sentAt;
        }
    }

    double sum(ToIntFunction<Consumer> what) {
        return open.stream().mapToInt(what).sum();
    }

    double health() {
        return stopped
                ? 0
                : open.stream()
                        .mapToInt(consumer -> rank(consumer.health()))
                        .min()
                        .orElse(0);
    }

    private static int rank(Health health) {
        return switch (health.status()) {
            case UP -> 2;
            case DEGRADED -> 1;
            case DOWN -> 0;
        };
    }

    /** In seconds. */
    double backlogAge(long nowMillis) {
        long sentAt = latestSentAt;
        boolean idle = open.stream().allMatch(consumer -> consumer.inFlight() == 0);
        return idle || sentAt == 0 ? 0 : Math.max(0, nowMillis - sentAt) / 1_000.0;
    }
}
