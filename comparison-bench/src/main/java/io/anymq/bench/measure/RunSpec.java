package io.anymq.bench.measure;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.Durability;

/**
 * Everything the child JVM needs to make one run.
 *
 * @param run which run it is
 * @param load what is sent
 * @param warmUp what happens before the measurement
 * @param measureMillis the measured time
 * @param payloadBytes size of each body, at least {@link Payload#HEADER_BYTES}
 * @param keys keys, used uniformly at random
 * @param seed of keys and payload
 * @param durability what a confirmed message must survive
 * @param context for the arm
 */
public record RunSpec(
        RunResult.Run run,
        Load load,
        WarmUp warmUp,
        long measureMillis,
        int payloadBytes,
        int keys,
        long seed,
        Durability durability,
        ArmContext context) {
    /** The arm's next run, with other messages. */
    RunSpec then(Load next, WarmUp bounds) {
        return new RunSpec(run, next, bounds, measureMillis, payloadBytes, keys, seed + 1, durability, context);
    }
}
