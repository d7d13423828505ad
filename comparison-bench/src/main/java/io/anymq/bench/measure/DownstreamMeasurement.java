package io.anymq.bench.measure;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Latency;
import io.anymq.bench.result.RunResult.Timing;
import io.anymq.bench.result.RunResult.Usage;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long a caller waits: when it calls a slow service itself, and when it publishes to an equally slow handler and waits for the
 * confirm.
 */
record DownstreamMeasurement(RunSpec spec, Load.SlowDownstream load, OpenArm arm) {
    private static final int WARM_UP_CALLS = 5;

    RunResult run() throws Exception {
        RunResult result = RunResult.of(spec.run());
        Traffic traffic = arm.begin(spec, Integer.MAX_VALUE, load.millis());
        long start = System.nanoTime();
        boolean ended = publish(traffic, WARM_UP_CALLS, ThreadHistograms.newHistogram());
        traffic.drain();

        Histogram calling = ThreadHistograms.newHistogram();
        Histogram publishing = ThreadHistograms.newHistogram();
        Worker.say(Worker.MEASURE_FROM);
        long begin = System.nanoTime();
        for (int call = 0; call < load.calls(); call++) {
            long called = System.nanoTime();
            Pace.pause(Duration.ofMillis(load.millis()));
            calling.recordValue(System.nanoTime() - called);
        }
        ended = ended && publish(traffic, load.calls(), publishing);
        traffic.drain();
        Timing timing = new Timing(null, (System.nanoTime() - begin) / 1e9, (begin - start) / 1e9, null, List.of());
        Worker.say(Worker.MEASURE_TO);
        Long resident = new ClientUsage().residentBytes();

        LatencyMicros published = LatencyMicros.of(publishing);
        LatencyMicros called = published == null ? null : LatencyMicros.of(calling);
        RunResult.Messages messages = arm.account(traffic);
        return result.withMessages(messages)
                .withTiming(timing)
                .withLatency(new Latency(published, null, null, null, called, published))
                .withUsage(new Usage(new Usage.Client(null, null, null, resident), null, null, null, null))
                .voided(reason(messages, ended, traffic.firstFailure()));
    }

    private static boolean publish(Traffic traffic, int calls, Histogram caller) throws Exception {
        for (int call = 0; call < calls; call++) {
            CountDownLatch confirmed = new CountDownLatch(1);
            long start = System.nanoTime();
            traffic.send(start, confirmed::countDown);
            if (!confirmed.await(30, TimeUnit.SECONDS)) {
                return false;
            }
            caller.recordValue(System.nanoTime() - start);
        }
        return true;
    }

    private static @Nullable String reason(RunResult.Messages messages, boolean ended, @Nullable Throwable failure) {
        if (messages.sendFailures() > 0) {
            return messages.sendFailures() + " sends failed, the first with " + failure;
        }
        return ended ? null : "a publish was not confirmed within 30 s";
    }
}
