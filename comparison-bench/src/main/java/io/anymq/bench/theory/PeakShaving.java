package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A burst above what the workers can do: called directly they turn customers away, behind a queue they catch up. */
final class PeakShaving implements Demonstration {
    private static final int WORKERS = 4;
    private static final Duration WORK = Duration.ofMillis(10);
    private static final int BASE = 100;
    private static final int BURST = 500;

    /** How many messages a second, second by second; the workers do 400. */
    private static int[] rates(boolean thorough) {
        int[] rates = new int[thorough ? 17 : 5];
        Arrays.fill(rates, BASE);
        Arrays.fill(rates, 1, thorough ? 11 : 3, BURST);
        return rates;
    }

    @Override
    public String name() {
        return "peak-shaving";
    }

    @Override
    public String claim() {
        return "Four workers can do about 400 requests a second; 100 a second come, and for a while 500 a second: what"
                + " becomes of the burst?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Called directly, {called directly|requests turned away} requests were turned away.",
                "Through a queue {through a queue|requests turned away} were; up to {through a queue|most that"
                        + " waited} waited until a worker was free.");
    }

    @Override
    public List<String> variants() {
        return List.of("called directly", "through a queue");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return thorough ? 20 : 6.3;
    }

    @Override
    public String company() {
        return "rates";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        return variant.startsWith("through") ? queued(stage) : called(stage);
    }

    /** Sends at the rates, each at its time. */
    private static long offer(Stage stage, LongConsumer send) {
        long number = 0;
        long second = System.nanoTime();
        for (int rate : rates(stage.thorough())) {
            long gap = Duration.ofSeconds(1).toNanos() / rate;
            for (int i = 0; i < rate; i++) {
                Stage.until(second + i * gap);
                send.accept(number++);
            }
            second += Duration.ofSeconds(1).toNanos();
        }
        return number;
    }

    private static Outcome called(Stage stage) throws Exception {
        Semaphore free = new Semaphore(WORKERS);
        AtomicLong offered = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicLong done = new AtomicLong();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        Sampler sampler = new Sampler(offered::get, () -> offered.get() - refused.get(), done::get);
        try {
            offer(stage, number -> {
                offered.incrementAndGet();
                if (!free.tryAcquire()) {
                    refused.incrementAndGet();
                    return;
                }
                workers.execute(() -> {
                    Stage.work(WORK);
                    done.incrementAndGet();
                    free.release();
                });
            });
            Stage.await(Duration.ofSeconds(5), () -> done.get() + refused.get() >= offered.get());
        } finally {
            sampler.stop();
            workers.shutdown();
        }
        return new Outcome.Builder()
                .finding("requests turned away", refused.get())
                .finding("most that waited", 0)
                .timeline(sampler.points())
                .build(0, 0, 0, 0);
    }

    private static Outcome queued(Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("requests")).unordered();
        AtomicLong handled = new AtomicLong();
        AtomicLong ready = new AtomicLong();
        stage.consume(queue, builder -> builder.concurrency(WORKERS), delivery -> {
            if (delivery.body().isEmpty()) {
                ready.incrementAndGet();
                return;
            }
            Stage.work(WORK);
            handled.incrementAndGet();
        });
        Sampler sampler;
        try (Producer<String> producer = stage.producer(queue)) {
            // The first one finds connections and classes cold.
            stage.open(producer, Message.of(""));
            Stage.await(Duration.ofSeconds(15), () -> ready.get() > 0);
            sampler = new Sampler(stage::sent, stage::confirmed, handled::get);
            try {
                offer(stage, number -> {
                    var unused = stage.send(producer, Message.of("request").withKey("customer-" + number % 100));
                });
                stage.awaitSends();
                Stage.await(Duration.ofSeconds(30), () -> handled.get() >= stage.confirmed());
            } finally {
                sampler.stop();
            }
        }
        long deepest = sampler.points().stream()
                .mapToLong(point -> point.confirmed() - point.handled())
                .max()
                .orElse(0);
        return new Outcome.Builder()
                .finding("requests turned away", stage.failed())
                .finding("most that waited", deepest)
                .finding("99 of 100 requests accepted within ms", stage.confirmMillis())
                .timeline(sampler.points())
                .build(stage.sent(), stage.confirmed(), handled.get(), Math.max(0, stage.confirmed() - handled.get()));
    }
}
