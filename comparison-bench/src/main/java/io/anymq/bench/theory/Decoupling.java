package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.bench.stats.Pace;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Producers do not wait for consumers, and do not depend on their failures, their number or their speed. */
final class Decoupling {
    static final List<String> SERVICES = List.of("5 ms", "50 ms", "200 ms");
    static final List<String> CALLS = List.of("called one after the other", "two subscribers");
    static final List<String> SUBSCRIBERS = List.of("1 subscriber", "2 subscribers", "4 subscribers");
    static final List<String> DELAYS = List.of("0 ms", "1 ms", "10 ms");

    private static final int ORDERS = 100;
    private static final Duration RETRY = Duration.ofMillis(10);
    private static final int EVENTS = 200;
    private static final int BODY_BYTES = 4_096;
    private static final int MOST = 8_000;

    private Decoupling() {}

    /** A caller of a slow service waits for it; one that publishes to an equally slow handler waits for the confirm. */
    static void asyncResponse(String variant, DemoContext demo) {
        Duration work = millis(variant);
        int calls = demo.settings.thorough() ? 40 : 12;
        Queue queue = Queue.of(demo.name("orders"));
        demo.consume(queue, builder -> builder, delivery -> Pace.pause(work));
        Histogram calling = new Histogram(3);
        Histogram publishing = new Histogram(3);
        try (Producer<String> producer = demo.producer(queue)) {
            demo.warmUp(producer, Message.of("first").withKey("first"));
            for (int call = 0; call < calls; call++) {
                Message<String> order = Message.of("x".repeat(1_024)).withKey("customer-" + call);
                timed(calling, () -> Pace.pause(work));
                timed(publishing, () -> demo.send(producer, order).join());
            }
        }
        demo.awaitHandled();
        demo.finding("p50 in µs, calling the service", micros(calling, 50));
        demo.finding("p50 in µs, publishing", micros(publishing, 50));
        demo.finding("p99 in µs, calling the service", micros(calling, 99));
        demo.finding("p99 in µs, publishing", micros(publishing, 99));
    }

    private static void timed(Histogram nanos, Runnable action) {
        long begin = System.nanoTime();
        action.run();
        nanos.recordValue(System.nanoTime() - begin);
    }

    private static double micros(Histogram nanos, double percentile) {
        return Math.round(nanos.getValueAtPercentile(percentile) / 100.0) / 10.0;
    }

    /** Such as {@code 5 ms}. */
    private static Duration millis(String variant) {
        return Duration.ofMillis(Long.parseLong(variant.substring(0, variant.indexOf(' '))));
    }

    private static void bill() {
        throw new IllegalStateException("billing is down");
    }

    /** A failing callee fails its caller; a failing subscriber affects no other. */
    static void isolation(String variant, DemoContext demo) {
        if (variant.equals(CALLS.get(0))) {
            called(demo);
            return;
        }
        Topic topic = Topic.of(demo.name("orders"));
        AtomicLong buried = new AtomicLong();
        Queue dead = Queue.of(demo.name("unbilled"));
        demo.consumeUncounted(dead, builder -> builder, delivery -> buried.incrementAndGet());
        demo.consume(
                topic.subscription("billing"),
                builder -> builder.retry(RetryPolicy.fixed(2, RETRY)).deadLetter(DeadLetterPolicy.to(dead.name())),
                delivery -> bill());
        demo.consume(topic.subscription("mail"), builder -> builder, delivery -> {});
        demo.sendAll(topic, ORDERS, order -> Message.of("order-" + order).withKey("customer-" + order % 10));
        demo.awaitHandled();
        Pace.await(DemoContext.PATIENCE, () -> buried.get() >= demo.confirmed());
        demo.finding("orders that failed", demo.failed());
        demo.finding("mails sent", demo.handled());
        demo.finding("99 of 100 orders confirmed within ms", demo.confirmMillis());
        demo.require(demo.failed() == 0, demo.failed() + " orders failed although billing was decoupled");
    }

    private static void called(DemoContext demo) {
        int errors = 0;
        for (int order = 0; order < ORDERS; order++) {
            try {
                bill();
            } catch (IllegalStateException e) {
                errors++;
            }
        }
        demo.finding("orders that failed", errors);
        demo.finding("mails sent", ORDERS - errors);
    }

    /** Subscribers join while the producer keeps sending; it does not know and does not change. */
    static void fanOut(String variant, DemoContext demo) {
        int subscribers = Integer.parseInt(variant.substring(0, 1));
        Topic topic = Topic.of(demo.name("events"));
        List<AtomicLong> received = new ArrayList<>();
        subscribe(demo, topic, received);
        long before;
        try (Producer<String> producer = demo.producer(topic)) {
            demo.sendAll(producer, 0, EVENTS / 2, Decoupling::event);
            before = demo.confirmed();
            while (received.size() < subscribers) {
                subscribe(demo, topic, received);
            }
            demo.sendAll(producer, EVENTS / 2, EVENTS, Decoupling::event);
        }
        Pace.await(DemoContext.PATIENCE, () -> missing(received, demo.confirmed(), before) == 0);
        demo.finding("sends that failed", demo.failed());
        demo.finding("99 of 100 sends confirmed within ms", demo.confirmMillis());
        demo.finding("messages the first subscriber got", received.get(0).get());
        if (subscribers > 1) {
            demo.finding("messages each new subscriber got", received.get(1).get());
        }
        demo.counted(demo.handled(), missing(received, demo.confirmed(), before));
    }

    private static Message<String> event(int number) {
        return Message.of("event-" + number).withKey("key-" + number % 10);
    }

    private static void subscribe(DemoContext demo, Topic topic, List<AtomicLong> received) {
        AtomicLong mine = new AtomicLong();
        demo.consume(topic.subscription("s" + received.size()), builder -> builder, delivery -> mine.incrementAndGet());
        received.add(mine);
    }

    /** The first subscriber is owed everything, the others what was sent after they joined. */
    private static long missing(List<AtomicLong> received, long confirmed, long before) {
        long missing = Math.max(0, confirmed - received.get(0).get());
        for (AtomicLong each : received.subList(1, received.size())) {
            missing += Math.max(0, confirmed - before - each.get());
        }
        return missing;
    }

    /** A consumer that falls behind: where messages wait, and whether the producer is slowed down. */
    static void slowConsumer(String variant, DemoContext demo) {
        Queue queue = Queue.of(demo.name("work")).unordered();
        AtomicLong workNanos = new AtomicLong(millis(variant).toNanos());
        demo.consume(
                queue, builder -> builder.concurrency(4), delivery -> Pace.pause(Duration.ofNanos(workNanos.get())));
        String body = "x".repeat(BODY_BYTES);
        try (Producer<String> producer = demo.producer(queue)) {
            demo.warmUp(producer, Message.of(body).withKey("first"));
            long heap = heapInUse();
            long longest = 0;
            long blocked = 0;
            long begin = System.nanoTime();
            long end = begin
                    + Duration.ofMillis(demo.settings.thorough() ? 4_000 : 1_200)
                            .toNanos();
            for (int number = 0; number < MOST && System.nanoTime() - end < 0; number++) {
                long start = System.nanoTime();
                var unused = demo.send(producer, Message.of(body).withKey("key-" + number % 100));
                long took = System.nanoTime() - start;
                longest = Math.max(longest, took);
                blocked += took > Duration.ofMillis(1).toNanos() ? took : 0;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            long handled = demo.handled();
            demo.finding("sent per second", Math.round(demo.sent() / seconds));
            demo.finding("handled per second", Math.round(handled / seconds));
            demo.finding("confirmed and waiting at the end", Math.max(0, demo.confirmed() - handled));
            demo.finding("client heap grew by MB", Math.max(0, Math.round((heapInUse() - heap) / 1e5) / 10.0));
            demo.finding("producer blocked, % of the time", Math.round(blocked / seconds / 1e7));
            demo.finding("longest block in ms", DemoContext.millis(longest));
            // Everything that waited must still come out.
            workNanos.set(0);
            demo.awaitSends();
        }
        demo.awaitHandled();
    }

    /** What is still needed; without a collection first it would be what was allocated. */
    private static long heapInUse() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
