package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.stats.Pace;
import io.anymq.policy.FlowControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** More consumers of one queue handle more messages. */
final class ScaleOut {
    static final List<String> VARIANTS = List.of("1 consumer", "2 consumers", "4 consumers", "8 consumers");
    private static final Duration WORK = Duration.ofMillis(10);
    private static final int SHARE = 10;
    private static final Duration MEASURED = Duration.ofMillis(1_500);
    private static final Duration JOINING = Duration.ofSeconds(3);

    private final DemoContext demo;
    private final Queue queue;
    private final Producer<String> producer;
    private final List<AtomicLong> handled = new ArrayList<>();
    private final AtomicLong lastHandled = new AtomicLong();
    private final AtomicLong longestPause = new AtomicLong();
    private volatile boolean oneJoins;
    private long number;

    private ScaleOut(DemoContext demo) {
        this.demo = demo;
        queue = Queue.of(demo.name("work")).unordered();
        producer = demo.producer(queue);
    }

    static void run(String variant, DemoContext demo) {
        new ScaleOut(demo).measure(Integer.parseInt(variant.substring(0, 1)));
    }

    private void measure(int consumers) {
        for (int i = 0; i < consumers; i++) {
            handled.add(join());
        }
        try (producer) {
            // Enough for all of them while they join and while they are measured.
            long most = 5L * consumers * MEASURED.toMillis() / WORK.toMillis();
            long joined = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            while (System.nanoTime() - joined < 0 && working() < consumers && number < most) {
                feed();
            }
            long before = demo.handled();
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < MEASURED.toNanos()) {
                feed();
            }
            double rate = (demo.handled() - before) * 1e9 / (System.nanoTime() - begin);
            demo.finding("messages per second", Math.rint(rate));
            demo.finding("consumers at work", working());
            demo.finding("longest pause in ms while one more joins", DemoContext.millis(pauseWhileOneJoins()));
            demo.awaitSends();
        }
        demo.awaitHandled();
    }

    private AtomicLong join() {
        boolean joinsLate = oneJoins;
        AtomicLong mine = new AtomicLong();
        demo.consume(queue, builder -> builder.concurrency(1).flow(FlowControl.ofMaxInFlight(SHARE)), delivery -> {
            Pace.pause(WORK);
            mine.incrementAndGet();
            if (!joinsLate) {
                notePause();
            }
        });
        return mine;
    }

    private void notePause() {
        long now = System.nanoTime();
        long pause = now - lastHandled.getAndSet(now);
        if (oneJoins) {
            longestPause.accumulateAndGet(pause, Math::max);
        }
    }

    private long working() {
        return handled.stream().filter(mine -> mine.get() > 0).count();
    }

    /** The longest time in which none of the consumers that were there before handled anything. */
    private long pauseWhileOneJoins() {
        oneJoins = true;
        lastHandled.set(System.nanoTime());
        long end = System.nanoTime() + JOINING.toNanos();
        // On another thread, while this one keeps sending: an empty queue would look like a pause.
        CompletableFuture<AtomicLong> joining = CompletableFuture.supplyAsync(this::join);
        while (System.nanoTime() - end < 0
                && !(joining.isDone() && joining.join().get() > 0)) {
            feed();
        }
        notePause();
        oneJoins = false;
        joining.join();
        return longestPause.get();
    }

    /** Keeps enough messages waiting for all consumers. */
    private void feed() {
        while (demo.sent() - demo.handled() < 40L * handled.size()) {
            var unused = demo.send(producer, Message.of("work").withKey("key-" + number++));
        }
        Pace.pause(Duration.ofMillis(2));
    }
}
