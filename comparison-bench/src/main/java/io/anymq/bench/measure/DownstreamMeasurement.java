package io.anymq.bench.measure;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long a caller is kept: by calling a slow service itself, and by publishing to a handler that is as slow and waiting
 * for the confirm.
 */
final class DownstreamMeasurement {
    private static final int WARM_UP_CALLS = 5;

    private final RunSpec spec;
    private final Load.SlowDownstream load;
    private final OpenArm arm;

    DownstreamMeasurement(RunSpec spec, Load.SlowDownstream load, OpenArm arm) {
        this.spec = spec;
        this.load = load;
        this.arm = arm;
    }

    RunResult run() throws Exception {
        RunResult.Builder result = spec.result();
        Traffic traffic = arm.begin(spec, Integer.MAX_VALUE, load.millis());
        long warmUpStart = System.nanoTime();
        boolean ended = publish(traffic, WARM_UP_CALLS, ThreadHistograms.newHistogram());
        traffic.drain();
        double warmUpSeconds = (System.nanoTime() - warmUpStart) / 1e9;

        Histogram synchronous = ThreadHistograms.newHistogram();
        Histogram published = ThreadHistograms.newHistogram();
        Markers.say(Markers.BEGIN);
        long begin = System.nanoTime();
        for (int call = 0; call < load.calls(); call++) {
            long start = System.nanoTime();
            Pace.millis(load.millis());
            synchronous.recordValue(System.nanoTime() - start);
        }
        ended = ended && publish(traffic, load.calls(), published);
        traffic.drain();
        double measuredSeconds = (System.nanoTime() - begin) / 1e9;
        Markers.say(Markers.END);
        Long resident = new ClientUsage().residentBytes();

        Ledger.Balance balance = arm.account(traffic);
        String reason = reason(balance, ended, traffic.firstFailure());
        if (published.getTotalCount() > 0) {
            result.latencyMicros(LatencyMicros.of(published))
                    .callerMicros(Map.of(
                            "synchronous", LatencyMicros.of(synchronous),
                            "published", LatencyMicros.of(published)));
        }
        return balance.into(result)
                .history(traffic.history())
                .measuredSeconds(measuredSeconds)
                .warmUpSeconds(warmUpSeconds)
                .residentBytes(resident)
                .voided(reason)
                .build();
    }

    private boolean publish(Traffic traffic, int calls, Histogram caller) throws Exception {
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

    private static @Nullable String reason(Ledger.Balance balance, boolean ended, @Nullable Throwable failure) {
        if (balance.sendFailures() > 0) {
            return balance.sendFailures() + " sends failed, the first with " + failure;
        }
        return ended ? null : "a publish was not confirmed within 30 s";
    }
}
