package io.anymq.bench.measure;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.Durability;
import java.util.Map;

/**
 * Everything the child JVM needs to make one run.
 *
 * @param id unique within the results
 * @param broker such as {@code kafka}
 * @param arm {@code adapter} or {@code raw}
 * @param scenario such as {@code throughput}
 * @param parameters shown beside the result
 * @param load what is sent
 * @param warmUp what happens before the measurement
 * @param measureMillis the measured time
 * @param payloadBytes size of each body, at least {@link Payload#HEADER_BYTES}
 * @param keys keys, used uniformly at random
 * @param seed of keys and payload
 * @param durability what a confirmed message is to survive
 * @param context for the arm
 */
public record RunSpec(
        String id,
        String broker,
        String arm,
        String scenario,
        Map<String, Object> parameters,
        Load load,
        WarmUp warmUp,
        long measureMillis,
        int payloadBytes,
        int keys,
        long seed,
        Durability durability,
        ArmContext context) {
    /** Begins the result of this run. */
    RunResult.Builder result() {
        return RunResult.builder(id, broker, arm, scenario, parameters);
    }

    /** What the same arm does next, with messages of its own. */
    RunSpec then(Load next, WarmUp bounds) {
        return new RunSpec(
                id,
                broker,
                arm,
                scenario,
                parameters,
                next,
                bounds,
                measureMillis,
                payloadBytes,
                keys,
                seed + 1,
                durability,
                context);
    }
}
