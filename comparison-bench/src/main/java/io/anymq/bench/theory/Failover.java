package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.bench.result.TimePoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** The broker's process is killed in mid-run and started again: what is lost, and how long nothing moves. */
final class Failover implements Demonstration {
    private static final int RATE = 200;
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String claim() {
        return "At 200 messages a second the broker's process is killed and started again: is a confirmed message lost, and"
                + " how long does it take until messages move again?";
    }

    @Override
    public List<String> variants() {
        return List.of("broker killed");
    }

    @Override
    public double estimatedSeconds() {
        return 14;
    }

    @Override
    public boolean needsAServer() {
        return true;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("orders"));
        Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
        Map<Integer, Integer> seen = new ConcurrentHashMap<>();
        AtomicLong handled = new AtomicLong();
        stage.consume(queue, builder -> builder, delivery -> {
            seen.merge(Integer.parseInt(delivery.body()), 1, Integer::sum);
            handled.incrementAndGet();
        });
        double killed;
        Sampler sampler;
        try (Producer<String> producer = stage.producer(queue)) {
            producer.send(Message.of("-1").withKey("first")).join();
            Stage.await(Duration.ofSeconds(15), () -> handled.get() > 0);
            Stream stream = new Stream(stage, producer, confirmed);
            long begin = System.nanoTime();
            sampler = new Sampler(stage::sent, stage::confirmed, handled::get);
            try {
                stream.until(begin + BEFORE.toNanos());
                killed = (System.nanoTime() - begin) / 1e9;
                stage.killBroker();
                long confirmedThen = stage.confirmed();
                long end = System.nanoTime() + BOUND.toNanos();
                // Two seconds' worth of confirms: it works again.
                while (stage.confirmed() < confirmedThen + 2 * RATE && System.nanoTime() - end < 0) {
                    stream.until(System.nanoTime() + Duration.ofMillis(50).toNanos());
                }
                stream.until(System.nanoTime() + AFTER.toNanos());
                stage.awaitSends();
                Stage.await(
                        Duration.ofSeconds(30),
                        () -> confirmed.size() >= stage.confirmed()
                                && seen.keySet().containsAll(confirmed));
            } finally {
                sampler.stop();
            }
        }
        seen.remove(-1);
        long lost =
                confirmed.stream().filter(number -> !seen.containsKey(number)).count();
        long repeated = seen.values().stream().filter(times -> times > 1).count();
        return new Outcome.Builder()
                .finding("seconds without a confirm", pause(sampler.points(), killed, TimePoint::confirmed))
                .finding("seconds without a message handled", pause(sampler.points(), killed, TimePoint::handled))
                .finding("confirmed messages lost", lost)
                .finding("messages handled twice", repeated)
                .finding("sends without a confirm", stage.failed())
                .timeline(sampler.points())
                .build(stage.sent(), stage.confirmed(), seen.size(), lost);
    }

    /** The longest time after the kill in which a count stood still. */
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
        private final Stage stage;
        private final Producer<String> producer;
        private final Set<Integer> confirmed;
        private int number;
        private long next = System.nanoTime();

        Stream(Stage stage, Producer<String> producer, Set<Integer> confirmed) {
            this.stage = stage;
            this.producer = producer;
            this.confirmed = confirmed;
        }

        void until(long end) {
            while (System.nanoTime() - end < 0) {
                next = Math.max(next, System.nanoTime() - Duration.ofMillis(100).toNanos());
                Stage.until(Math.min(next, end));
                next += Duration.ofSeconds(1).toNanos() / RATE;
                int mine = number++;
                String key = "customer-" + mine % 50;
                CompletableFuture<?> sent =
                        stage.send(producer, Message.of(String.valueOf(mine)).withKey(key));
                var unused = sent.whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        confirmed.add(mine);
                    } else {
                        // A gap blocks its key until somebody decides; this sender goes on without the message.
                        producer.resumeKey(key);
                    }
                });
            }
        }
    }
}
