package io.anymq.bench.scenario;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What AnyMQ's policies cost against AnyMQ without them: the same adapter, the same load. */
public final class PolicyCostScenario implements Scenario {
    /** As in {@code --scenarios}. */
    public static final String NAME = "policy-cost";

    /** Where keys are drawn by Zipf's law. */
    public static final String ZIPF = "per key, Zipf keys";

    /** Where one message in a hundred fails. */
    public static final String POISON = "per key, 1 % poison";

    private static final String VARIANT = "variant";
    private static final String UNORDERED = "unordered";
    private static final String PER_KEY = "per key";
    private static final String IDEMPOTENT = "per key, idempotent";

    /** Each message of the most frequent key waits for the one before it, so more handlers than that key can use. */
    private static final int ZIPF_HANDLERS = 16;

    private static final long ZIPF_HANDLER_MILLIS = 2;

    private record Variant(String name, Policy policy, Load.Mix mix, int handlers, long handlerMillis) {}

    private static final List<Variant> VARIANTS = List.of(
            new Variant(UNORDERED, Policy.UNORDERED, Load.Mix.UNIFORM, 4, 0),
            new Variant(PER_KEY, Policy.DEFAULT, Load.Mix.UNIFORM, 4, 0),
            new Variant(IDEMPOTENT, Policy.IDEMPOTENT, Load.Mix.UNIFORM, 4, 0),
            new Variant(POISON, Policy.DEAD_LETTER, Load.Mix.POISON, 4, 0),
            new Variant(ZIPF, Policy.DEFAULT, Load.Mix.ZIPF, ZIPF_HANDLERS, ZIPF_HANDLER_MILLIS));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String claim() {
        return "AnyMQ against itself with 1,000 messages under way: what per-key order costs against none, idempotency"
                + " (each id remembered for a second) against none, 1 % poison against none; and, with keys after"
                + " Zipf's law and 2 ms of work, what share of the time the most frequent key is at work, which is all that"
                + " per-key order allows.";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Without order {unordered|messages per second} messages a second went through, with order per key"
                        + " {per key|messages per second}, with idempotency besides {per key, idempotent|messages per second},"
                        + " with 1 % poison {per key, 1 % poison|messages per second}.");
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        if (!context.arms().contains(ADAPTER)) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        for (int round = 1; round <= context.profile().policyRounds(); round++) {
            // There and back again, so that a machine that grows slower treats all alike.
            List<Variant> order = new ArrayList<>(VARIANTS);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Variant variant : order) {
                runs.add(run(context, variant, round));
            }
        }
        return runs;
    }

    private static PlannedRun run(ScenarioContext context, Variant variant, int round) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(VARIANT, variant.name());
        parameters.put("underWay", ThroughputScenario.LARGEST_WINDOW);
        parameters.put("pair", round);
        return new PlannedRun(
                        NAME,
                        ADAPTER,
                        parameters,
                        new Load.Policed(ThroughputScenario.LARGEST_WINDOW, variant.mix(), variant.handlerMillis()),
                        0,
                        context.profile().warmUp(),
                        context.profile().briefMillis(),
                        context.profile().jvmOf(round))
                .with(new PlannedRun.Setup(
                        PlannedRun.Setup.USUAL.payloadBytes(), variant.handlers(), variant.policy()));
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> mine = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(NAME))
                .toList();
        if (mine.isEmpty()) {
            return List.of();
        }
        return List.of(
                throughput(broker, mine, PER_KEY, UNORDERED, "key-order-throughput"),
                throughput(broker, mine, IDEMPOTENT, PER_KEY, "idempotency-throughput"),
                throughput(broker, mine, POISON, PER_KEY, "poison-throughput"),
                pairs(broker, mine, POISON, PER_KEY).of("poison-p99", true, run -> {
                    LatencyMicros latency = run.latencyMicros();
                    return latency == null ? null : latency.p99();
                }));
    }

    private static Comparison throughput(
            String broker, List<RunResult> runs, String above, String below, String metric) {
        return pairs(broker, runs, above, below).of(metric, false, RunResult::messagesPerSecond);
    }

    private static PairedComparison pairs(String broker, List<RunResult> runs, String above, String below) {
        return new PairedComparison(
                broker,
                NAME,
                Map.of("underWay", ThroughputScenario.LARGEST_WINDOW),
                runs,
                side(above),
                side(below),
                run -> String.valueOf(run.parameters().get("pair")));
    }

    private static PairedComparison.Side side(String variant) {
        return new PairedComparison.Side(
                variant, run -> variant.equals(run.parameters().get(VARIANT)));
    }
}
