package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The cost of AnyMQ's policies compared with AnyMQ without them: the same adapter, the same load. */
public final class PolicyCostScenario {
    /** As in {@code --scenarios}. */
    public static final String NAME = "policy-cost";

    /** The variant with Zipf-distributed keys. */
    public static final String ZIPF = "per key, Zipf keys";

    /** The variant in which one message in a hundred fails. */
    public static final String POISON = "per key, 1 % poison";

    private static final String VARIANT = "variant";
    private static final String UNORDERED = "unordered";
    private static final String PER_KEY = "per key";
    private static final String IDEMPOTENT = "per key, idempotent";
    private static final int IN_FLIGHT = ThroughputScenario.LARGEST_WINDOW;

    private record Variant(String name, Policy policy, Load.Mix mix, int handlers, long handlerMillis) {}

    // With Zipf keys each message of the most frequent key waits for the one before it: more handlers than that key can
    // use.
    private static final List<Variant> VARIANTS = List.of(
            new Variant(UNORDERED, Policy.UNORDERED, Load.Mix.UNIFORM, 4, 0),
            new Variant(PER_KEY, Policy.DEFAULT, Load.Mix.UNIFORM, 4, 0),
            new Variant(IDEMPOTENT, Policy.IDEMPOTENT, Load.Mix.UNIFORM, 4, 0),
            new Variant(POISON, Policy.DEAD_LETTER, Load.Mix.POISON, 4, 0),
            new Variant(ZIPF, Policy.DEFAULT, Load.Mix.ZIPF, 16, 2));

    private PolicyCostScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        int rounds =
                context.arms().contains(Scenario.ADAPTER) ? context.extent().policyRounds() : 0;
        for (int round = 1; round <= rounds; round++) {
            // Back and forth, so that a machine that becomes slower affects all variants alike.
            List<Variant> order = new ArrayList<>(VARIANTS);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Variant variant : order) {
                runs.add(context.run(
                                NAME,
                                Scenario.ADAPTER,
                                round,
                                new Load.Policed(IN_FLIGHT, variant.mix, variant.handlerMillis),
                                context.extent().briefMillis(),
                                parameters(VARIANT, variant.name, "inFlight", IN_FLIGHT, PAIR, round))
                        .with(new PlannedRun.Setup(
                                PlannedRun.Setup.USUAL.payloadBytes(), variant.handlers, variant.policy)));
            }
        }
        return runs;
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        return own.isEmpty()
                ? List.of()
                : List.of(
                        pairs(broker, own, PER_KEY, UNORDERED).of("key-order-throughput", false, RunResult::rate),
                        pairs(broker, own, IDEMPOTENT, PER_KEY).of("idempotency-throughput", false, RunResult::rate),
                        pairs(broker, own, POISON, PER_KEY).of("poison-throughput", false, RunResult::rate),
                        pairs(broker, own, POISON, PER_KEY)
                                .of("poison-p99", true, run -> run.latency().p99()));
    }

    private static PairedComparison pairs(String broker, List<RunResult> runs, String above, String below) {
        return new PairedComparison(broker, NAME, Map.of("inFlight", IN_FLIGHT), runs, side(above), side(below));
    }

    private static PairedComparison.Side side(String variant) {
        return new PairedComparison.Side(variant, run -> variant.equals(run.parameter(VARIANT)));
    }
}
