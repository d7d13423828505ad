package io.anymq.bench.theory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.bench.arm.Arm;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long somebody waits who starts a consumer that nobody has seen before, on a queue that is new, too. Each round has both of
 * its own; its message leaves as soon as the consumer says that it has started.
 */
public final class FirstMessage implements Demonstration {
    /** The longest of all rounds: what goals are about. */
    public static final String SLOWEST = "ms until the first message, slowest";

    /** How many rounds there were. */
    public static final String ROUNDS = "fresh consumers";

    /** The variant through AnyMQ. */
    public static final String ADAPTER_VARIANT = "fresh consumer";

    /** The variant with the vendor's own client. */
    public static final String RAW_VARIANT = "fresh consumer, plain client";

    private static final Logger LOG = LoggerFactory.getLogger(FirstMessage.class);
    private static final String MEDIAN = "ms until the first message, median";
    private static final Duration BOUND = Duration.ofSeconds(20);

    /** What takes longer goes on by itself. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "first-message";
    }

    @Override
    public String claim() {
        return "A consumer starts that nobody has seen before, on a new queue, and a message is sent as soon as it says that it has"
                + " started: how long from the start until the message is handled?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Through AnyMQ it took {fresh consumer|ms until the first message, median} ms in the median and"
                        + " {fresh consumer|ms until the first message, slowest} ms at most.",
                "With the plain client it took {fresh consumer, plain client|ms until the first message, median} ms"
                        + " and {fresh consumer, plain client|ms until the first message, slowest} ms.");
    }

    @Override
    public List<String> variants() {
        return List.of(ADAPTER_VARIANT, RAW_VARIANT);
    }

    @Override
    public String arm(String variant) {
        return variant.equals(RAW_VARIANT) ? BrokerUnderTest.RAW : BrokerUnderTest.ADAPTER;
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return thorough ? 12 : 2;
    }

    @Override
    public String company() {
        return "first-message";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        int rounds = stage.thorough() ? 6 : 3;
        double[] millis = new double[rounds];
        ExecutorService closing = Executors.newCachedThreadPool();
        try {
            for (int round = 0; round < rounds; round++) {
                Queue queue = Queue.of(stage.name("first-" + round));
                long nanos =
                        arm(variant).equals(BrokerUnderTest.RAW) ? plain(stage, queue, closing) : anymq(stage, queue);
                millis[round] = Math.round(nanos / 1e5) / 10.0;
            }
        } finally {
            closing.shutdown();
            if (!closing.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("plain clients are still closing");
            }
        }
        Arrays.sort(millis);
        return new Outcome.Builder()
                .finding(MEDIAN, Math.round(5 * (millis[(rounds - 1) / 2] + millis[rounds / 2])) / 10.0)
                .finding(SLOWEST, millis[rounds - 1])
                .finding(ROUNDS, rounds)
                .build(stage.sent(), stage.confirmed(), rounds, Math.max(0, stage.confirmed() - rounds));
    }

    private static long anymq(Stage stage, Queue queue) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        try (Producer<String> producer = stage.producer(queue)) {
            long begin = System.nanoTime();
            try (Consumer consumer = stage.consume(queue, builder -> builder, delivery -> handled.countDown())) {
                var unused = stage.send(producer, Message.of("first").withKey("key"));
                await(handled, consumer.toString());
                long end = System.nanoTime();
                stage.awaitSends();
                return end - begin;
            }
        }
    }

    private static long plain(Stage stage, Queue queue, Executor closing) throws Exception {
        CountDownLatch handled = new CountDownLatch(1);
        String name = queue.name();
        stage.chronicle().reads(queue);
        Arm arm = stage.plainArm();
        try {
            arm.open(stage.context().at(name));
            long begin = System.nanoTime();
            arm.subscribe(body -> {
                stage.chronicle().handling(name, queue, name, 1, "key", new String(body, UTF_8));
                handled.countDown();
                stage.chronicle().handled(name, queue, name, 1, true);
            });
            stage.chronicle().exists(queue);
            stage.sending();
            long sent = System.nanoTime();
            stage.chronicle().sending(queue, name, "key", "first");
            arm.send("key", "first".getBytes(UTF_8), failure -> {
                stage.sent(sent, failure);
                stage.chronicle().sent(queue, name, failure);
            });
            await(handled, "the plain client");
            long end = System.nanoTime();
            stage.awaitSends();
            return end - begin;
        } finally {
            closing.execute(() -> close(arm));
        }
    }

    /** Beside the next round, for some clients take seconds. */
    private static void close(Arm arm) {
        try {
            arm.close();
        } catch (Exception e) {
            LOG.debug("a plain client did not close in good order", e);
        }
    }

    private static void await(CountDownLatch handled, String whom) throws InterruptedException {
        if (!handled.await(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("no message reached " + whom + " within " + BOUND);
        }
    }
}
