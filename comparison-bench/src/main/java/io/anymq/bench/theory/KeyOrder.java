package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.bench.result.Outcome;
import io.anymq.bench.stats.Keys;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Without an order the messages of one customer overtake each other; with per-key order they do not. */
final class KeyOrder implements Demonstration {
    private static final int FEW_KEYS = 4;
    private static final int MANY_KEYS = 1_000;
    private static final int MESSAGES = 600;
    private static final Duration SLOW = Duration.ofMillis(2);

    @Override
    public String name() {
        return "key-order";
    }

    @Override
    public String claim() {
        return "Eight handlers side by side; four keys, or a thousand of which a few are frequent (Zipf): how often does a"
                + " message overtake an earlier one of its key?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "With four keys {unordered|messages out of order} messages were handled after a later one of their"
                        + " key; with order per key {per key|messages out of order}, with total order {total order|messages"
                        + " out of order}.",
                "With the keys of Zipf's law it was {unordered, Zipf keys|messages out of order} without order and"
                        + " {per key, Zipf keys|messages out of order} with it.");
    }

    @Override
    public List<String> variants() {
        return List.of("unordered", "per key", "total order", "unordered, Zipf keys", "per key, Zipf keys");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 3;
    }

    @Override
    public String company() {
        return "counted";
    }

    private static Queue queue(String variant, String name) {
        Queue queue = Queue.of(name);
        if (variant.startsWith("unordered")) {
            return queue.unordered();
        }
        return variant.startsWith("total") ? queue.totalOrder() : queue;
    }

    /** The key of each message. */
    private static int[] keys(boolean zipf) {
        Keys draw = new Keys(new SplittableRandom(1), MANY_KEYS, true);
        int[] keys = new int[MESSAGES];
        for (int number = 0; number < MESSAGES; number++) {
            keys[number] = zipf ? draw.next() : number % FEW_KEYS;
        }
        return keys;
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = queue(variant, stage.name("orders"));
        boolean ordered = !variant.startsWith("unordered");
        int[] keys = keys(variant.endsWith("Zipf keys"));
        AtomicLongArray last = new AtomicLongArray(MANY_KEYS);
        AtomicLongArray count = new AtomicLongArray(MANY_KEYS);
        AtomicLong breaks = new AtomicLong();
        AtomicLong handled = new AtomicLong();
        stage.consume(queue, builder -> builder.concurrency(8), delivery -> {
            int number = Integer.parseInt(delivery.body());
            int key = keys[number];
            // Every other message of a key takes long, so that the next one can overtake it.
            Stage.work(count.getAndIncrement(key) % 2 == 0 ? SLOW : Duration.ZERO);
            if (last.getAndAccumulate(key, number + 1L, Math::max) > number) {
                breaks.incrementAndGet();
            }
            handled.incrementAndGet();
        });
        stage.play(
                queue,
                MESSAGES,
                number -> Message.of(String.valueOf(number)).withKey("customer-" + keys[number]),
                handled::get);
        Outcome.Builder findings = new Outcome.Builder()
                .finding("messages out of order", breaks.get())
                .require(!ordered || breaks.get() == 0, breaks.get() + " out of order in spite of the order");
        return stage.outcome(findings, handled.get());
    }
}
