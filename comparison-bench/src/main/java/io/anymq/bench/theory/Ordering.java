package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.bench.stats.Keys;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Concurrent handlers reorder the messages of a key and race for its state; per-key order prevents both. */
final class Ordering {
    static final List<String> VARIANTS =
            List.of("unordered", "per key", "total order", "unordered, Zipf keys", "per key, Zipf keys");

    private static final int FEW_KEYS = 4;
    private static final int MANY_KEYS = 1_000;
    private static final int MESSAGES = 600;
    private static final int DEPOSITS = 400;
    private static final Duration SLOW = Duration.ofMillis(2);

    private Ordering() {}

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

    /** How often a message is handled after a later one of its key. */
    static void overtaking(String variant, DemoContext demo) {
        Queue queue = queue(variant, demo.name("orders"));
        int[] keys = keys(variant.endsWith("Zipf keys"));
        AtomicLongArray last = new AtomicLongArray(MANY_KEYS);
        AtomicLongArray count = new AtomicLongArray(MANY_KEYS);
        AtomicLong breaks = new AtomicLong();
        demo.consume(queue, builder -> builder.concurrency(8), delivery -> {
            int number = Integer.parseInt(delivery.body());
            int key = keys[number];
            // Every other message of a key takes long, so that the next one can overtake it.
            Pace.pause(count.getAndIncrement(key) % 2 == 0 ? SLOW : Duration.ZERO);
            if (last.getAndAccumulate(key, number + 1L, Math::max) > number) {
                breaks.incrementAndGet();
            }
        });
        demo.sendAll(
                queue, MESSAGES, number -> Message.of(String.valueOf(number)).withKey("customer-" + keys[number]));
        demo.awaitHandled();
        demo.finding("messages out of order", breaks.get());
        demo.require(variant.startsWith("unordered") || breaks.get() == 0, breaks + " out of order despite the order");
    }

    /** How many updates are lost when handlers read, work and write back without a lock. */
    static void lostUpdates(String variant, DemoContext demo) {
        Queue queue = queue(variant, demo.name("deposits"));
        AtomicLongArray balance = new AtomicLongArray(FEW_KEYS);
        demo.consume(queue, builder -> builder.concurrency(8), delivery -> {
            int account = Integer.parseInt(delivery.body());
            long before = balance.get(account);
            Pace.pause(Duration.ofMillis(1));
            balance.set(account, before + 1);
        });
        demo.sendAll(
                queue,
                DEPOSITS,
                number -> Message.of(String.valueOf(number % FEW_KEYS)).withKey("account-" + number % FEW_KEYS));
        demo.awaitHandled();
        long missing = demo.handled();
        for (int account = 0; account < FEW_KEYS; account++) {
            missing -= balance.get(account);
        }
        demo.finding("lost updates", missing);
        demo.require(variant.equals("unordered") || missing == 0, missing + " updates lost despite per-key order");
    }
}
