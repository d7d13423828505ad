package io.anymq.bench.theory;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Destination;
import io.anymq.Handler;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Source;
import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** Where a demonstration plays: one client of a broker, destinations of its own, and what all of them count. Thread-safe. */
public final class Stage implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ArmContext context;
    private final Crash crash;
    private final Supplier<Arm> plainArm;
    private final boolean thorough;
    private final boolean confirmsOutliveAKill;
    private final Chronicle chronicle = new Chronicle();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger consumers = new AtomicInteger();
    private final ConcurrentHistogram confirms = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 2);
    private @Nullable MessagingClient client;

    /** Takes no longer than it must. */
    public Stage(ArmContext context, Crash crash) {
        this(context, crash, () -> Brokers.named("inmemory").rawArm(), false, true);
    }

    /**
     * The same; {@code plainArm} makes the vendor's own client, {@code thorough} asks for more than the shortest way, and
     * {@code confirmsOutliveAKill} is what the broker promises.
     */
    public Stage(
            ArmContext context, Crash crash, Supplier<Arm> plainArm, boolean thorough, boolean confirmsOutliveAKill) {
        this.context = context;
        this.crash = crash;
        this.plainArm = plainArm;
        this.thorough = thorough;
        this.confirmsOutliveAKill = confirmsOutliveAKill;
    }

    private synchronized MessagingClient client() {
        MessagingClient opened = client;
        if (opened == null) {
            MessagingClient.Builder builder =
                    MessagingClient.builder().url(context.url()).observer(chronicle);
            context.anymq().forEach(builder::set);
            opened = builder.open();
            client = opened;
        }
        return opened;
    }

    /** What a plain client needs to know. */
    ArmContext context() {
        return context;
    }

    /** A new plain client, not opened yet. */
    Arm plainArm() {
        return plainArm.get();
    }

    /** Whether there is time for more than the shortest way. */
    boolean thorough() {
        return thorough;
    }

    /** Whether the broker promises that what it confirmed outlives a kill of its process. */
    boolean confirmsOutliveAKill() {
        return confirmsOutliveAKill;
    }

    /** What the history checker is told. */
    Chronicle chronicle() {
        return chronicle;
    }

    /** Waits for those that live through the same crash. */
    void readyForCrash() {
        crash.ready();
    }

    void killBroker() {
        chronicle.breaks();
        crash.strike();
    }

    /** A name that no other run uses. */
    String name(String purpose) {
        return context.destination() + "-" + purpose;
    }

    Producer<String> producer(Destination destination) {
        return client().producer(destination, String.class);
    }

    /** Starts a consumer; it is closed with the stage. */
    Consumer consume(Source source, UnaryOperator<ConsumerBuilder<String>> policies, Handler<String> handler) {
        chronicle.reads(source);
        String consumer = "consumer-" + consumers.incrementAndGet();
        Consumer started = consumeUnrecorded(source, policies, delivery -> {
            chronicle.handling(consumer, source, delivery.id(), delivery.attempt(), delivery.key(), delivery.body());
            boolean succeeded = false;
            try {
                handler.handle(delivery);
                succeeded = true;
            } finally {
                chronicle.handled(consumer, source, delivery.id(), delivery.attempt(), succeeded);
            }
        });
        chronicle.exists(source);
        return started;
    }

    /** Starts a consumer of what no producer of this stage sends, such as dead letters. */
    Consumer consumeUnrecorded(
            Source source, UnaryOperator<ConsumerBuilder<String>> policies, Handler<String> handler) {
        return policies.apply(client().consumer(source, String.class).drainTimeout(DRAIN))
                .start(handler);
    }

    /** Sends the first message of all, which finds everything cold, and waits for its confirm; it is not counted. */
    void open(Producer<String> producer, Message<String> message) {
        var unused = record(producer, message).join();
    }

    private CompletableFuture<?> record(Producer<String> producer, Message<String> message) {
        Message<String> named = message.id() == null ? message.withId("m-" + ids.incrementAndGet()) : message;
        String id = Objects.requireNonNull(named.id());
        chronicle.sending(producer.destination(), id, named.key(), named.body());
        return producer.send(named)
                .whenComplete((receipt, failure) -> chronicle.sent(producer.destination(), id, failure));
    }

    /** Sends and counts how it ends. */
    CompletableFuture<?> send(Producer<String> producer, Message<String> message) {
        sending();
        long begin = System.nanoTime();
        return record(producer, message).whenComplete((receipt, failure) -> sent(begin, failure));
    }

    /** A send begins that the stage does not make itself. */
    void sending() {
        sent.incrementAndGet();
    }

    /** That send, begun at this {@link System#nanoTime()}, has ended. */
    void sent(long begin, @Nullable Throwable failure) {
        if (failure == null) {
            confirms.recordValue(Math.min(confirms.getHighestTrackableValue(), System.nanoTime() - begin));
            confirmed.incrementAndGet();
        } else {
            failed.incrementAndGet();
        }
    }

    /** How long 99 of 100 sends took at the most until they were confirmed, in milliseconds. */
    double confirmMillis() {
        return Math.round(confirms.getValueAtPercentile(99) / 1e4) / 100.0;
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
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }

    /** What the history checker says of all that was played, once it is closed; null where nothing was sent. */
    public @Nullable HistoryCheck history() {
        return chronicle.check();
    }
}
