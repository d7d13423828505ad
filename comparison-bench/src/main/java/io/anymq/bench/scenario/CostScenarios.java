package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.Load.Mix;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.PairedComparison.Side;
import io.anymq.bench.scenario.PlannedRun.Setup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a body's size costs, in both arms, and what AnyMQ's policies cost compared with AnyMQ without them. */
public final class CostScenarios {
    /** As in {@code --scenarios}. */
    public static final String POLICY_COST = "policy-cost";

    /** The variant with Zipf-distributed keys. */
    public static final String ZIPF = "per key, Zipf keys";

    /** The variant in which one message in a hundred fails. */
    public static final String POISON = "per key, 1 % poison";

    static final String PAYLOAD = "payload";

    private static final String VARIANT = "variant";
    private static final String UNORDERED = "unordered";
    private static final String PER_KEY = "per key";
    private static final String IDEMPOTENT = "per key, idempotent";
    private static final Setup USUAL = Setup.USUAL;

    private record Variant(String name, int window, Mix mix, long handlerMillis, Setup setup) {
        static Variant size(String name, int bytes) {
            // 64 of the largest are 16 MB, which every arm has room for.
            return new Variant(name, 64, Mix.UNIFORM, 0, new Setup(bytes, USUAL.handlers(), USUAL.policy()));
        }

        static Variant policy(String name, Policy policy, Mix mix, int handlers, long handlerMillis) {
            Setup setup = new Setup(USUAL.payloadBytes(), handlers, policy);
            return new Variant(name, CapacityScenarios.LARGEST_WINDOW, mix, handlerMillis, setup);
        }

        PlannedRun run(ScenarioContext context, String scenario, String arm, int pair) {
            Map<String, Object> parameters = parameters(VARIANT, name, "inFlight", window, PAIR, pair);
            if (scenario.equals(PAYLOAD)) {
                parameters.put("size", name);
            }
            Load load = new Load.Policed(window, mix, handlerMillis);
            return context.run(scenario, arm, pair, load, context.extent().briefMillis(), parameters)
                    .with(setup);
        }
    }

    private static final List<Variant> SIZES = List.of(
            Variant.size("100 B", 100),
            Variant.size("1 KB", 1_024),
            Variant.size("16 KB", 16_384),
            Variant.size("256 KB", 262_144));

    // With Zipf keys each message of the most frequent key waits for the one before it: more handlers than that key can
    // use.
    private static final List<Variant> POLICIES = List.of(
            Variant.policy(UNORDERED, Policy.UNORDERED, Mix.UNIFORM, 4, 0),
            Variant.policy(PER_KEY, Policy.DEFAULT, Mix.UNIFORM, 4, 0),
            Variant.policy(IDEMPOTENT, Policy.IDEMPOTENT, Mix.UNIFORM, 4, 0),
            Variant.policy(POISON, Policy.DEAD_LETTER, Mix.POISON, 4, 0),
            Variant.policy(ZIPF, Policy.DEFAULT, Mix.ZIPF, 16, 2));

    private CostScenarios() {}

    static List<PlannedRun> payload(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int pair = 1; pair <= context.extent().payloadRepetitions(); pair++) {
            for (Variant size : SIZES) {
                // 1 KB is what nearly all other runs send.
                if (context.extent().everySize() || size.setup.payloadBytes() != USUAL.payloadBytes()) {
                    for (String arm : context.shuffledArms()) {
                        runs.add(size.run(context, PAYLOAD, arm, pair));
                    }
                }
            }
        }
        return runs;
    }

    static List<PlannedRun> policies(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        boolean adapter = context.options().arms().contains(BrokerUnderTest.ADAPTER);
        // Back and forth, so that a machine that becomes slower affects all variants alike.
        List<Variant> order = new ArrayList<>(POLICIES);
        for (int round = 1; adapter && round <= context.extent().policyRounds(); round++) {
            for (Variant variant : order) {
                runs.add(variant.run(context, POLICY_COST, BrokerUnderTest.ADAPTER, round));
            }
            Collections.reverse(order);
        }
        return runs;
    }

    static List<Comparison> comparePayloads(String broker, List<RunResult> own) {
        return SIZES.stream()
                .map(size -> new PairedComparison(broker, PAYLOAD, Map.of("size", size.name), of(own, size.name)))
                .filter(pairs -> !pairs.runs().isEmpty())
                .map(pairs -> pairs.of("payload-throughput", false, RunResult::rate))
                .toList();
    }

    private static List<RunResult> of(List<RunResult> runs, String variant) {
        return runs.stream()
                .filter(run -> variant.equals(run.parameter(VARIANT)))
                .toList();
    }

    static List<Comparison> comparePolicies(String broker, List<RunResult> own) {
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
        Map<String, Object> common = Map.of("inFlight", CapacityScenarios.LARGEST_WINDOW);
        return new PairedComparison(broker, POLICY_COST, common, runs, side(above), side(below));
    }

    private static Side side(String variant) {
        return new Side(variant, run -> variant.equals(run.parameter(VARIANT)));
    }
}
