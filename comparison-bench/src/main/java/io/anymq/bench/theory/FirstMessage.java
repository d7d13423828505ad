package io.anymq.bench.theory;

import io.anymq.Queue;
import io.anymq.bench.stats.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How long a new consumer on a new queue waits for its first message, which is sent as soon as the consumer has started. */
public final class FirstMessage {
    /** The longest of all rounds: the figure that goals are about. */
    public static final String SLOWEST = "ms until the first message, slowest";

    /** How many rounds there were. */
    public static final String ROUNDS = "fresh consumers";

    /** The variant through AnyMQ. */
    public static final String ADAPTER_VARIANT = "fresh consumer";

    /** The variant with the vendor's own client. */
    public static final String RAW_VARIANT = "fresh consumer, plain client";

    static final List<String> VARIANTS = List.of(ADAPTER_VARIANT, RAW_VARIANT);

    private static final Duration BOUND = Duration.ofSeconds(20);

    private FirstMessage() {}

    static void run(String variant, DemoContext demo) throws Exception {
        int rounds = demo.settings.thorough() ? 6 : 3;
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            CountDownLatch handled = new CountDownLatch(1);
            Queue queue = Queue.of(demo.name("first-" + round));
            Client.Use use = new Client.Use(demo, queue, number -> handled.countDown(), number -> {});
            try (Client client = Client.of(variant, use)) {
                long begin = System.nanoTime();
                client.subscribe();
                client.send(0);
                if (!handled.await(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("no message arrived within " + BOUND + ": " + variant);
                }
                millis.add(DemoContext.millis(System.nanoTime() - begin));
                demo.awaitSends();
            }
        }
        demo.finding("ms until the first message, median", Math.round(10 * Statistics.median(millis)) / 10.0);
        demo.finding(SLOWEST, Collections.max(millis));
        demo.finding(ROUNDS, rounds);
        demo.counted(rounds, demo.confirmed() - rounds);
    }
}
