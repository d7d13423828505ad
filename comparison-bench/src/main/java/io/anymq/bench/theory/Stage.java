package io.anymq.bench.theory;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Destination;
import io.anymq.Handler;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Source;
import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** Where a demonstration plays: one client of a broker, destinations of its own, and what all of them count. Thread-safe. */
public final class Stage implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MessagingClient client;
    private final String prefix;
    private final Runnable killBroker;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** {@code killBroker} has the broker killed and started again meanwhile. */
    public Stage(ArmContext context, Runnable killBroker) {
        MessagingClient.Builder builder = MessagingClient.builder().url(context.url());
        context.anymq().forEach(builder::set);
        client = builder.open();
        prefix = context.destination();
        this.killBroker = killBroker;
    }

    void killBroker() {
        killBroker.run();
    }

    /** A name that no other run uses. */
    String name(String purpose) {
        return prefix + "-" + purpose;
    }

    Producer<String> producer(Destination destination) {
        return client.producer(destination, String.class);
    }

    /** Starts a consumer; it is closed with the stage. */
    Consumer consume(Source source, UnaryOperator<ConsumerBuilder<String>> policies, Handler<String> handler) {
        return policies.apply(client.consumer(source, String.class).drainTimeout(DRAIN))
                .start(handler);
    }

    void provision(Source source) {
        client.provision(source);
    }

    /** Sends and counts how it ends. */
    CompletableFuture<?> send(Producer<String> producer, Message<String> message) {
        sent.incrementAndGet();
        return producer.send(message).whenComplete((receipt, failure) -> {
            if (failure == null) {
                confirmed.incrementAndGet();
            } else {
                failed.incrementAndGet();
            }
        });
    }

    /**
     * Sends messages number 0 to {@code messages} - 1, and waits until each send has ended and everything that was confirmed
     * has been handled.
     */
    void play(Destination to, int messages, IntFunction<Message<String>> message, LongSupplier handled) {
        try (Producer<String> producer = producer(to)) {
            for (int number = 0; number < messages; number++) {
                var unused = send(producer, message.apply(number));
            }
            awaitSends();
            await(PATIENCE, () -> handled.getAsLong() >= confirmed());
        }
    }

    /** Collects the outcome of what was {@linkplain #play played}. */
    Outcome outcome(Outcome.Builder findings, long handled) {
        return findings.build(sent(), confirmed(), handled, Math.max(0, confirmed() - handled));
    }

    long sent() {
        return sent.get();
    }

    long confirmed() {
        return confirmed.get();
    }

    long failed() {
        return failed.get();
    }

    /** Waits for all sends to end. */
    void awaitSends() {
        await(PATIENCE, () -> confirmed.get() + failed.get() >= sent.get());
    }

    /** Waits until it is so; false if it still is not after that long. */
    static boolean await(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return true;
    }

    /** Work that takes so long and no processor. */
    static void work(Duration duration) {
        until(System.nanoTime() + duration.toNanos());
    }

    /** Returns at that {@link System#nanoTime()} or a little later. */
    static void until(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
