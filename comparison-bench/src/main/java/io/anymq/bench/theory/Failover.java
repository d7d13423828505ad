package io.anymq.bench.theory;

import io.anymq.Queue;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Outcome;
import io.anymq.bench.result.TimePoint;
import io.anymq.history.check.Invariant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The broker's process is killed in mid-run and started again: what is lost, and how long nothing moves. Both arms live through
 * the same crash, so that their pauses differ by what they make of it only.
 */
public final class Failover implements Demonstration {
    /** How long nothing was handled: what goals are about. */
    public static final String PAUSE = "seconds without a message handled";

    /** The variant through AnyMQ. */
    public static final String ADAPTER_VARIANT = "broker killed";

    /** The variant with the vendor's own client. */
    public static final String RAW_VARIANT = "broker killed, plain client";

    /** Messages that came again. */
    public static final String REPEATED = "messages handled twice";

    /** What was confirmed, and never handled. */
    public static final String LOST = "confirmed messages lost";

    static final int RATE = 200;

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String claim() {
        return "At 200 messages a second the broker's process is killed and started again: is a confirmed message lost, and"
                + " how long does it take until messages move again? AnyMQ and the plain client live through the same crash.";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Through AnyMQ nothing was confirmed for {broker killed|seconds without a confirm} s; of the"
                        + " confirmed messages {broker killed|confirmed messages lost} were lost and {broker killed|messages"
                        + " handled twice} handled twice.",
                "With the plain client it was {broker killed, plain client|seconds without a confirm} s; {broker"
                        + " killed, plain client|confirmed messages lost} were lost and {broker killed, plain client|messages"
                        + " handled twice} handled twice.");
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
        return thorough ? 15 : 12;
    }

    @Override
    public String company() {
        return "failover";
    }

    @Override
    public boolean killsTheBroker() {
        return true;
    }

    @Override
    public boolean needsAServer() {
        return true;
    }

    /** One way to send and to receive, in a broker's crash. */
    interface Party extends AutoCloseable {
        /** Sends message number so and so; may block while the broker is away. */
        void send(int number) throws Exception;

        @Override
        void close();
    }

    /** What has been confirmed, and what has been handled. Thread-safe. */
    static final class Tally {
        final Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
        private final Map<Integer, Integer> seen = new ConcurrentHashMap<>();
        private final AtomicLong handled = new AtomicLong();

        void handle(int number) {
            seen.merge(number, 1, Integer::sum);
            handled.incrementAndGet();
        }
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        Queue queue = Queue.of(stage.name("orders"));
        Duration before = Duration.ofSeconds(stage.thorough() ? 3 : 1);
        Tally tally = new Tally();
        if (!stage.confirmsOutliveAKill()) {
            stage.chronicle().leaveOut(Invariant.I1);
        }
        double killed;
        double ended;
        Sampler sampler;
        try (Party party = arm(variant).equals(BrokerUnderTest.RAW)
                ? new PlainParty(stage, queue, tally)
                : new AdapterParty(stage, queue, tally)) {
            Stream stream = new Stream(party);
            stream.until(System.nanoTime() + Duration.ofMillis(100).toNanos());
            Stage.await(Duration.ofSeconds(15), () -> tally.handled.get() > 0);
            stage.readyForCrash();
            stream.restart();
            long begin = System.nanoTime();
            sampler = new Sampler(stage::sent, stage::confirmed, tally.handled::get);
            try {
                stream.until(begin + before.toNanos());
                stage.killBroker();
                killed = (System.nanoTime() - begin) / 1e9;
                long confirmedThen = stage.confirmed();
                long end = System.nanoTime() + BOUND.toNanos();
                // A second's worth of confirms: it works again.
                while (stage.confirmed() < confirmedThen + RATE && System.nanoTime() - end < 0) {
                    stream.until(System.nanoTime() + Duration.ofMillis(50).toNanos());
                }
                stage.chronicle().heals();
                stream.until(System.nanoTime() + AFTER.toNanos());
                ended = (System.nanoTime() - begin) / 1e9;
                Stage.await(
                        Duration.ofSeconds(20),
                        () -> stage.confirmed() + stage.failed() >= stage.sent()
                                && tally.seen.keySet().containsAll(tally.confirmed));
            } finally {
                sampler.stop();
            }
        }
        // Once nothing is sent any more it is no pause that nothing comes.
        double end = ended;
        List<TimePoint> sending = sampler.points().stream()
                .filter(point -> point.seconds() <= end)
                .toList();
        long lost = tally.confirmed.stream()
                .filter(number -> !tally.seen.containsKey(number))
                .count();
        long repeated = tally.seen.values().stream().filter(times -> times > 1).count();
        return new Outcome.Builder()
                .finding("seconds without a confirm", pause(sending, killed, TimePoint::confirmed))
                .finding(PAUSE, pause(sending, killed, TimePoint::handled))
                .finding(LOST, lost)
                .finding(REPEATED, repeated)
                .finding("sends without a confirm", stage.sent() - stage.confirmed())
                .timeline(sampler.points())
                .build(stage.sent(), stage.confirmed(), tally.seen.size(), stage.confirmsOutliveAKill() ? lost : 0);
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
        private final Party party;
        private int number;
        private long next = System.nanoTime();

        Stream(Party party) {
            this.party = party;
        }

        void restart() {
            next = System.nanoTime();
        }

        void until(long end) throws Exception {
            while (System.nanoTime() - end < 0) {
                next = Math.max(next, System.nanoTime() - Duration.ofMillis(100).toNanos());
                Stage.until(Math.min(next, end));
                next += Duration.ofSeconds(1).toNanos() / RATE;
                party.send(number++);
            }
        }
    }

    /** The key of a message. */
    static String key(int number) {
        return "customer-" + number % 50;
    }
}
