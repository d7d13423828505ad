package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A consumer that does not keep up: who holds what waits, and does the producer feel it. */
final class SlowConsumer implements Demonstration {
    private static final int BODY_BYTES = 4_096;
    private static final int HANDLERS = 4;
    private static final int MOST = 8_000;

    @Override
    public String name() {
        return "slow-consumer";
    }

    @Override
    public String claim() {
        return "A producer sends as fast as it may, at most 8,000 messages of 4 KB, while four handlers take 0, 1 or 10 ms for"
                + " each: how much waits, whose memory grows, and when is the producer held up?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "With 10 ms of work {10 ms|handled per second} messages a second were handled and {10 ms|sent per"
                        + " second} sent; {10 ms|confirmed and waiting at the end} waited in the end, and the producer was"
                        + " held up for {10 ms|producer held up, % of the time} % of the time.",
                "Without work {0 ms|handled per second} a second were handled, and it was held up for {0 ms|producer"
                        + " held up, % of the time} %.");
    }

    @Override
    public List<String> variants() {
        return List.of("0 ms", "1 ms", "10 ms");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return thorough ? 5.5 : 1.6;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("work")).unordered();
        AtomicLong workNanos =
                new AtomicLong(Duration.ofMillis(Long.parseLong(variant.substring(0, variant.indexOf(' '))))
                        .toNanos());
        AtomicLong handled = new AtomicLong();
        stage.consume(queue, builder -> builder.concurrency(HANDLERS), delivery -> {
            Stage.work(Duration.ofNanos(workNanos.get()));
            handled.incrementAndGet();
        });
        String body = "x".repeat(BODY_BYTES);
        long waiting;
        long grown;
        double seconds;
        long longest = 0;
        long blocked = 0;
        long sentThen;
        long handledThen;
        try (Producer<String> producer = stage.producer(queue)) {
            stage.open(producer, Message.of(body).withKey("first"));
            Stage.await(Duration.ofSeconds(15), () -> handled.get() > 0);
            handled.set(0);
            long heap = heapInUse();
            long begin = System.nanoTime();
            long end =
                    begin + Duration.ofMillis(stage.thorough() ? 4_000 : 1_200).toNanos();
            for (int number = 0; number < MOST && System.nanoTime() - end < 0; number++) {
                long start = System.nanoTime();
                var unused = stage.send(producer, Message.of(body).withKey("key-" + number % 100));
                long took = System.nanoTime() - start;
                longest = Math.max(longest, took);
                blocked += took > Duration.ofMillis(1).toNanos() ? took : 0;
            }
            seconds = (System.nanoTime() - begin) / 1e9;
            sentThen = stage.sent();
            handledThen = handled.get();
            waiting = stage.confirmed() - handledThen;
            grown = heapInUse() - heap;
            // It recovers: whatever waited has to come out.
            workNanos.set(0);
            stage.awaitSends();
            Stage.await(Duration.ofSeconds(30), () -> handled.get() >= stage.confirmed());
        }
        return new Outcome.Builder()
                .finding("sent per second", Math.round(sentThen / seconds))
                .finding("handled per second", Math.round(handledThen / seconds))
                .finding("confirmed and waiting at the end", Math.max(0, waiting))
                .finding("client heap grew by MB", Math.max(0, Math.round(grown / 1e5) / 10.0))
                .finding("producer held up, % of the time", Math.round(blocked / seconds / 1e7))
                .finding("longest hold-up in ms", Math.round(longest / 1e5) / 10.0)
                .build(stage.sent(), stage.confirmed(), handled.get(), Math.max(0, stage.confirmed() - handled.get()));
    }

    /** What is still needed: a collection comes first, or it would be what has been allocated. */
    private static long heapInUse() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
