package io.anymq.bench.theory;

import io.anymq.Queue;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The broker's process is killed mid-run and restarted: what is lost, and how long nothing moves. Both clients go through the same
 * crash, so their pauses differ only by how they handle it.
 */
public final class Failover {
    /** As in {@code --scenarios}. */
    public static final String NAME = "failover";

    /** How long no message was handled: the figure that goals are about. */
    public static final String PAUSE = "seconds without a message handled";

    /** The variant through AnyMQ. */
    public static final String ADAPTER_VARIANT = "broker killed";

    /** The variant with the vendor's own client. */
    public static final String RAW_VARIANT = "broker killed, plain client";

    /** Messages handled more than once. */
    public static final String REPEATED = "messages handled twice";

    /** Messages confirmed but never handled. */
    public static final String LOST = "confirmed messages lost";

    static final List<String> VARIANTS = List.of(ADAPTER_VARIANT, RAW_VARIANT);

    private static final int RATE = 200;
    private static final long GAP_NANOS = Duration.ofSeconds(1).toNanos() / RATE;
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(1);

    private Failover() {}

    static void run(String variant, DemoContext demo) throws Exception {
        Queue queue = Queue.of(demo.name("orders"));
        Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
        Map<Integer, Integer> seen = new ConcurrentHashMap<>();
        AtomicLong handled = new AtomicLong();
        double killed;
        double ended;
        Sampler sampler;
        Client.Use use = new Client.Use(
                demo,
                queue,
                number -> {
                    seen.merge(number, 1, Integer::sum);
                    handled.incrementAndGet();
                },
                confirmed::add);
        try (Client client = Client.of(variant, use)) {
            client.subscribe();
            Stream stream = new Stream(client);
            stream.sendFor(Duration.ofMillis(100));
            Pace.await(Duration.ofSeconds(15), () -> handled.get() > 0);
            demo.settings.crash().ready();
            stream.next = System.nanoTime();
            sampler = new Sampler(demo::sent, demo::confirmed, handled::get);
            try (sampler) {
                stream.sendFor(Duration.ofSeconds(demo.settings.thorough() ? 3 : 1));
                demo.settings.crash().strike();
                killed = sampler.seconds();
                long before = demo.confirmed();
                long bound = System.nanoTime() + BOUND.toNanos();
                // Confirms of a whole second's messages: the broker works again.
                while (demo.confirmed() < before + RATE && System.nanoTime() - bound < 0) {
                    stream.sendFor(Duration.ofMillis(50));
                }
                stream.sendFor(AFTER);
                ended = sampler.seconds();
                Pace.await(
                        Duration.ofSeconds(20),
                        () -> demo.confirmed() + demo.failed() >= demo.sent()
                                && seen.keySet().containsAll(confirmed));
            }
        }
        // Nothing arriving after the last send is not a pause.
        double end = ended;
        List<TimePoint> sending = sampler.points().stream()
                .filter(point -> point.seconds() <= end)
                .toList();
        long lost =
                confirmed.stream().filter(number -> !seen.containsKey(number)).count();
        demo.finding("seconds without a confirm", pause(sending, killed, TimePoint::confirmed));
        demo.finding(PAUSE, pause(sending, killed, TimePoint::handled));
        demo.finding(LOST, lost);
        demo.finding(REPEATED, seen.values().stream().filter(times -> times > 1).count());
        demo.finding("sends without a confirm", demo.sent() - demo.confirmed());
        demo.timeline(sampler.points());
        demo.counted(seen.size(), demo.settings.confirmsOutliveAKill() ? lost : 0);
    }

    /** The longest time after the kill in which a count did not change. */
    private static double pause(List<TimePoint> points, double killed, ToLongFunction<TimePoint> count) {
        double longest = 0;
        double since = -1;
        long last = -1;
        for (TimePoint point : points) {
            long now = count.applyAsLong(point);
            if (now != last || since < 0) {
                last = now;
                since = point.seconds();
            } else if (point.seconds() > killed) {
                longest = Math.max(longest, point.seconds() - Math.max(since, killed));
            }
        }
        return Math.round(longest * 10) / 10.0;
    }

    /** Sends at the rate; while the broker is down a send may block, and then fewer are sent. */
    private static final class Stream {
        private final Client client;
        private int number;
        private long next = System.nanoTime();

        Stream(Client client) {
            this.client = client;
        }

        void sendFor(Duration duration) throws Exception {
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                next = Math.max(next, System.nanoTime() - Duration.ofMillis(100).toNanos());
                Pace.until(Math.min(next, end));
                next += GAP_NANOS;
                client.send(number++);
            }
        }
    }
}
