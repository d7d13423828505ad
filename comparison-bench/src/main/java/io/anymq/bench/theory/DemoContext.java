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
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a demonstration works with: a client, destinations of its own, the counts that every demonstration keeps, and a place for
 * its findings. Sending and consuming are thread-safe; findings come from one thread.
 */
public final class DemoContext implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(DemoContext.class);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** A crash of the broker, shared by the demonstrations that run at the same time. */
    public interface Crash {
        /** Waits until all demonstrations are ready, so that none idles while it waits for the crash itself. */
        void ready();

        /** Once all demonstrations have called this, the broker is killed and restarted; returns without waiting for that. */
        void strike();
    }

    /**
     * How it is run.
     *
     * @param arm the broker, and names that no other run uses
     * @param crash shared with the demonstrations beside it
     * @param plainArm makes the vendor's own client, not opened yet
     * @param thorough whether there is time for more than the shortest way
     * @param confirmsOutliveAKill whether the broker guarantees it for a kill of its process
     */
    public record Settings(
            ArmContext arm, Crash crash, Supplier<Arm> plainArm, boolean thorough, boolean confirmsOutliveAKill) {}

    final Settings settings;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final ConcurrentHistogram confirms = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 2);
    private final Map<String, Double> findings = new LinkedHashMap<>();
    private List<TimePoint> timeline = List.of();
    private @Nullable String flaw;
    private @Nullable Long countedHandled;
    private @Nullable Long countedLost;
    private @Nullable MessagingClient client;

    /** For one run of a variant. */
    public DemoContext(Settings settings) {
        this.settings = settings;
    }

    private synchronized MessagingClient client() {
        if (client == null) {
            client = settings.arm().connect(MessagingClient.builder());
        }
        return client;
    }

    /** Closes a plain client in the background: some take seconds, and one whose broker was killed may hang. */
    static void closeLater(Arm arm) {
        Thread closing = new Thread(
                () -> {
                    try {
                        arm.close();
                    } catch (Exception e) {
                        LOG.debug("Closing a plain client failed; its connections end with this process", e);
                    }
                },
                "plain-close");
        closing.setDaemon(true);
        closing.start();
    }

    /** A name that no other run uses. */
    String name(String purpose) {
        return settings.arm().destination() + "-" + purpose;
    }

    Producer<String> producer(Destination destination) {
        return client().producer(destination, String.class);
    }

    /** Starts a consumer whose deliveries are counted; it is closed with this context. */
    Consumer consume(Source source, UnaryOperator<ConsumerBuilder<String>> policies, Handler<String> handler) {
        return consumeUncounted(source, policies, delivery -> {
            handler.handle(delivery);
            handled.incrementAndGet();
        });
    }

    /** Starts a consumer of messages that no producer of this context sends, such as dead letters. */
    Consumer consumeUncounted(Source source, UnaryOperator<ConsumerBuilder<String>> policies, Handler<String> handler) {
        return policies.apply(client().consumer(source, String.class).drainTimeout(DRAIN))
                .start(handler);
    }

    /** Sends a message that finds everything cold, waits until it was handled, and then counts from 0. */
    void warmUp(Producer<String> producer, Message<String> message) {
        var unused = producer.send(message).join();
        Pace.await(Duration.ofSeconds(15), () -> handled.get() > 0);
        handled.set(0);
    }

    /** Sends and counts the outcome. */
    CompletableFuture<?> send(Producer<String> producer, Message<String> message) {
        sending();
        long begin = System.nanoTime();
        return producer.send(message).whenComplete((receipt, failure) -> sent(begin, failure));
    }

    /** A send begins that a plain client makes. */
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

    /** The p99 of the time from send to confirm, in milliseconds. */
    double confirmMillis() {
        return Math.round(confirms.getValueAtPercentile(99) / 1e4) / 100.0;
    }

    /** Sends messages number 0 to {@code messages} - 1 with a new producer, and waits until every send has ended. */
    void sendAll(Destination to, int messages, IntFunction<Message<String>> message) {
        try (Producer<String> producer = producer(to)) {
            sendAll(producer, 0, messages, message);
        }
    }

    /** Sends messages number {@code from} to {@code to} - 1, and waits until every send has ended. */
    void sendAll(Producer<String> producer, int from, int to, IntFunction<Message<String>> message) {
        for (int number = from; number < to; number++) {
            var unused = send(producer, message.apply(number));
        }
        awaitSends();
    }

    void awaitSends() {
        Pace.await(PATIENCE, () -> confirmed.get() + failed.get() >= sent.get());
    }

    /** Waits until as many messages were handled as were confirmed. */
    void awaitHandled() {
        Pace.await(PATIENCE, () -> handled.get() >= confirmed.get());
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

    /** Successful handlings by the consumers of {@link #consume}. */
    long handled() {
        return handled.get();
    }

    /** With one decimal. */
    static double millis(long nanos) {
        return Math.round(nanos / 1e5) / 10.0;
    }

    /** Something that was counted or measured; texts refer to it by this name. */
    void finding(String name, long value) {
        finding(name, (double) value);
    }

    void finding(String name, double value) {
        findings.put(name, value);
    }

    void timeline(List<TimePoint> points) {
        timeline = points;
    }

    /** Notes a flaw unless {@code fine}; the first one stays. */
    void require(boolean fine, String otherwise) {
        if (!fine && flaw == null) {
            flaw = otherwise;
        }
    }

    /** For a demonstration that counts messages itself: how many were handled, and how many of the confirmed were not. */
    void counted(long messagesHandled, long messagesLost) {
        countedHandled = messagesHandled;
        countedLost = messagesLost;
    }

    /** Adds what was counted; lost messages, and what a policy failed to prevent, void the run. */
    RunResult addTo(RunResult result, double seconds) {
        long all = countedHandled == null ? handled.get() : countedHandled;
        long lost = Math.max(0, countedLost == null ? confirmed.get() - all : countedLost);
        Messages messages = Messages.of(sent.get(), confirmed.get(), all, lost);
        require(lost == 0, lost + " lost");
        return result.demonstrated(seconds, messages, findings, timeline).voided(flaw);
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
