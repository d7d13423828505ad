package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A burst beyond what the workers can do: called directly they turn requests away, behind a queue they catch up. */
final class PeakShaving {
    static final List<String> VARIANTS = List.of("called directly", "through a queue");

    private static final int WORKERS = 4;
    private static final Duration WORK = Duration.ofMillis(10);
    private static final int BASE = 100;
    private static final int BURST = 500;
    private static final String REFUSED = "requests turned away";
    private static final String BACKLOG = "largest backlog";

    private PeakShaving() {}

    static void run(String variant, DemoContext demo) throws Exception {
        if (variant.equals(VARIANTS.get(0))) {
            called(demo);
        } else {
            queued(demo);
        }
    }

    /** How many messages a second, second by second; the workers do 400. */
    private static int[] rates(boolean thorough) {
        int[] rates = new int[thorough ? 17 : 5];
        Arrays.fill(rates, BASE);
        Arrays.fill(rates, 1, thorough ? 11 : 3, BURST);
        return rates;
    }

    /** Sends at the rates, each request at its time. */
    private static void offer(DemoContext demo, LongConsumer send) {
        long number = 0;
        long second = System.nanoTime();
        for (int rate : rates(demo.settings.thorough())) {
            long gap = Duration.ofSeconds(1).toNanos() / rate;
            for (int i = 0; i < rate; i++) {
                Pace.until(second + i * gap);
                send.accept(number++);
            }
            second += Duration.ofSeconds(1).toNanos();
        }
    }

    private static void called(DemoContext demo) throws Exception {
        AtomicLong offered = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicLong done = new AtomicLong();
        // A worker or none: nothing waits.
        ExecutorService workers =
                new ThreadPoolExecutor(WORKERS, WORKERS, 0, TimeUnit.SECONDS, new SynchronousQueue<>());
        Sampler sampler = new Sampler(offered::get, () -> offered.get() - refused.get(), done::get);
        try (sampler) {
            offer(demo, number -> {
                offered.incrementAndGet();
                try {
                    workers.execute(() -> {
                        Pace.pause(WORK);
                        done.incrementAndGet();
                    });
                } catch (RejectedExecutionException e) {
                    refused.incrementAndGet();
                }
            });
            Pace.await(Duration.ofSeconds(5), () -> done.get() + refused.get() >= offered.get());
        } finally {
            workers.shutdown();
        }
        demo.finding(REFUSED, refused.get());
        demo.finding(BACKLOG, 0);
        demo.timeline(sampler.points());
    }

    private static void queued(DemoContext demo) throws Exception {
        Queue queue = Queue.of(demo.name("requests")).unordered();
        demo.consume(queue, builder -> builder.concurrency(WORKERS), delivery -> Pace.pause(WORK));
        Sampler sampler;
        try (Producer<String> producer = demo.producer(queue)) {
            demo.warmUp(producer, Message.of("first"));
            sampler = new Sampler(demo::sent, demo::confirmed, demo::handled);
            try (sampler) {
                offer(demo, number -> {
                    var unused = demo.send(producer, Message.of("request").withKey("customer-" + number % 100));
                });
                demo.awaitSends();
                demo.awaitHandled();
            }
        }
        long deepest = sampler.points().stream()
                .mapToLong(point -> point.confirmed() - point.handled())
                .max()
                .orElse(0);
        demo.finding(REFUSED, demo.failed());
        demo.finding(BACKLOG, deepest);
        demo.finding("99 of 100 requests accepted within ms", demo.confirmMillis());
        demo.timeline(sampler.points());
    }
}
