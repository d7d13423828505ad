package io.anymq.bench.measure;

import io.anymq.bench.stats.Pace;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The one sending thread of a run. */
final class Sender {
    private static final String NAME = "bench-sender";

    private final Traffic traffic;
    private final Load load;
    private final Thread thread = new Thread(this::run, NAME);
    private final Histogram lag = ThreadHistograms.newHistogram();
    private volatile boolean stopped;
    private volatile long lagFrom = Long.MAX_VALUE;
    private volatile @Nullable String problem;

    Sender(Traffic traffic, Load load) {
        this.traffic = traffic;
        this.load = load;
    }

    void start() throws InterruptedException {
        thread.start();
        if (load instanceof Load.Open) {
            Precedence.give(NAME);
        }
    }

    void recordLagFrom(long nanoTime) {
        lagFrom = nanoTime;
    }

    /** Stops sending; returns what went wrong, or null. */
    @Nullable
    String stop() throws InterruptedException {
        stopped = true;
        thread.join(TimeUnit.SECONDS.toMillis(45));
        return thread.isAlive() ? "the sender was still blocked 45 s after its end" : problem;
    }

    /** How late the generator itself was; complete once it has stopped. */
    Histogram lag() {
        return lag;
    }

    private void run() {
        try {
            if (load instanceof Load.Open open) {
                sendAtRate(open.messagesPerSecond());
            } else {
                sendInWindow();
            }
        } catch (Exception e) {
            problem = "sending failed: " + e;
        }
    }

    private void sendInWindow() throws Exception {
        while (!stopped) {
            if (!traffic.awaitRoom()) {
                problem = "nothing was confirmed and handled for 15 s";
                return;
            }
            traffic.send(System.nanoTime());
        }
    }

    /**
     * Sends each message at its time, or as soon after as it can. Late are also those whose time passed while the thread
     * overslept; time that the arm held the thread in {@code send} is the arm's and part of its latency.
     */
    private void sendAtRate(double perSecond) throws Exception {
        double interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long start = System.nanoTime();
        long woke = start;
        for (long i = 0; !stopped; i++) {
            long intended = start + (long) (i * interval);
            if (intended - System.nanoTime() > 0) {
                Pace.until(intended);
                woke = System.nanoTime();
            }
            if (lagFrom != Long.MAX_VALUE && intended - lagFrom >= 0) {
                lag.recordValue(Math.max(0, woke - intended));
            }
            traffic.send(intended);
        }
    }
}
