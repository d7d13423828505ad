package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.policy.FlowControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** More consumers of one queue handle more. */
final class ScaleOut implements Demonstration {
    private static final Duration WORK = Duration.ofMillis(5);
    private static final int SHARE = 10;
    private static final Duration MEASURED = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "scale-out";
    }

    @Override
    public String claim() {
        return "Handling a message takes 5 ms, and a consumer handles one at a time: what do more consumers of the same queue"
                + " bring?";
    }

    @Override
    public List<String> variants() {
        return List.of("1 consumer", "2 consumers", "4 consumers");
    }

    @Override
    public double estimatedSeconds() {
        return 4.5;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        int consumers = Integer.parseInt(variant.substring(0, 1));
        Queue queue = Queue.of(stage.name("work")).unordered();
        List<AtomicLong> handled = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            AtomicLong mine = new AtomicLong();
            handled.add(mine);
            stage.consume(
                    queue,
                    builder -> builder.concurrency(1).flow(FlowControl.DEFAULT.withMaxInFlight(SHARE)),
                    delivery -> {
                        Stage.work(WORK);
                        mine.incrementAndGet();
                    });
        }
        double rate;
        try (Producer<String> producer = stage.producer(queue)) {
            // As many as fill the measured time for all of them, and the joining before it.
            long most = 5L * consumers * MEASURED.toMillis() / WORK.toMillis();
            long number = 0;
            long joined = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            while (System.nanoTime() - joined < 0
                    && handled.stream().anyMatch(mine -> mine.get() == 0)
                    && number < most) {
                number = feed(stage, producer, number, handled);
            }
            long before = total(handled);
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < MEASURED.toNanos()) {
                number = feed(stage, producer, number, handled);
            }
            rate = (total(handled) - before) * 1e9 / (System.nanoTime() - begin);
            stage.awaitSends();
            Stage.await(Duration.ofSeconds(30), () -> total(handled) >= stage.confirmed());
        }
        long working = handled.stream().filter(mine -> mine.get() > 0).count();
        return new Outcome.Builder()
                .finding("messages per second", Math.round(rate))
                .finding("consumers at work", working)
                .build(
                        stage.sent(),
                        stage.confirmed(),
                        total(handled),
                        Math.max(0, stage.confirmed() - total(handled)));
    }

    /** Keeps enough waiting for all consumers. */
    private static long feed(Stage stage, Producer<String> producer, long number, List<AtomicLong> handled) {
        long next = number;
        while (stage.sent() - total(handled) < 40L * handled.size()) {
            var unused = stage.send(producer, Message.of("work").withKey("key-" + next++));
        }
        Stage.work(Duration.ofMillis(2));
        return next;
    }

    private static long total(List<AtomicLong> counts) {
        return counts.stream().mapToLong(AtomicLong::get).sum();
    }
}
