package io.anymq.opentelemetry;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/**
 * The consumers of a client by the bounded name of their source, which several may share. A source whose last consumer was stopped by a
 * failure stays, as not working, until another one is started; one that was closed leaves. Thread-safe.
 */
final class OpenConsumers {
    private final BoundedNames names;
    private final Map<String, Consumers> bySource = new ConcurrentHashMap<>();

    OpenConsumers(BoundedNames names) {
        this.names = names;
    }

    private static final class Consumers {
        final List<Consumer> open = new CopyOnWriteArrayList<>();
        volatile boolean stopped;
        /** When the message was sent whose first attempt began last; 0 before there was one. */
        volatile long latestSentAt;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for it
    void started(Consumer consumer) {
        String path = names.of(consumer.source().path());
        bySource.compute(path, (same, present) -> {
            Consumers consumers = present == null ? new Consumers() : present;
            consumers.open.add(consumer);
            consumers.stopped = false;
            return consumers;
        });
        consumer.whenClosed()
                .whenComplete((closed, failure) -> bySource.computeIfPresent(path, (same, consumers) -> {
                    consumers.open.remove(consumer);
                    consumers.stopped |= failure != null;
                    return consumers.open.isEmpty() && !consumers.stopped ? null : consumers;
                }));
    }

    void attemptBegins(Delivery<?> delivery) {
        long sentAt = delivery.sentAt().toEpochMilli();
        Consumers consumers = bySource.get(names.of(delivery.source().path()));
        if (delivery.attempt() == 1 && sentAt > 0 && consumers != null) {
            consumers.latestSentAt = sentAt;
        }
    }

    /** Calls {@code measure} with the name of each source and the sum over its consumers. */
    void forEach(ToIntFunction<Consumer> what, BiConsumer<String, Long> measure) {
        bySource.forEach((path, consumers) -> measure.accept(
                path, consumers.open.stream().mapToLong(what::applyAsInt).sum()));
    }

    /** 2 for UP, 1 for DEGRADED, 0 for DOWN; of several consumers the worst. */
    void forEachHealth(BiConsumer<String, Long> measure) {
        bySource.forEach((path, consumers) -> measure.accept(
                path,
                consumers.stopped
                        ? 0
                        : consumers.open.stream()
                                .mapToLong(consumer -> rank(consumer.health()))
                                .min()
                                .orElse(0)));
    }

    private static long rank(Health health) {
        return switch (health.status()) {
            case UP -> 2;
            case DEGRADED -> 1;
            case DOWN -> 0;
        };
    }

    /** In seconds. */
    void forEachAge(long nowMillis, BiConsumer<String, Double> measure) {
        bySource.forEach((path, consumers) -> {
            long sentAt = consumers.latestSentAt;
            boolean idle = consumers.open.stream().allMatch(consumer -> consumer.inFlight() == 0);
            measure.accept(path, idle || sentAt == 0 ? 0 : Math.max(0, nowMillis - sentAt) / 1_000.0);
        });
    }
}
