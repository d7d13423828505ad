package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the size of a body does to messages and bytes a second. */
final class PayloadScenario implements Scenario {
    static final String NAME = "payload";

    private static final String SIZE = "size";

    /** What is sent and not yet both confirmed and handled: 64 of the largest are 16 MB, which every arm has room for. */
    private static final int UNDER_WAY = 64;

    private static final Map<String, Integer> SIZES = sizes();

    private static Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("100 B", 100);
        sizes.put("1 KB", 1_024);
        sizes.put("16 KB", 16 * 1_024);
        sizes.put("256 KB", 256 * 1_024);
        return sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String claim() {
        return "Bodies of 100 B to 256 KB, half of each random so that compression gains no more than on real data, 64 under"
                + " way: messages and bytes a second.";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "Through AnyMQ went {100 B|messages per second} messages of 100 B a second, {16 KB|messages per"
                        + " second} of 16 KB, {256 KB|messages per second} of 256 KB.",
                "With the plain client it was {100 B (raw)|messages per second}, {16 KB (raw)|messages per second}"
                        + " and {256 KB (raw)|messages per second}.");
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 1; repetition <= context.profile().payloadRepetitions(); repetition++) {
            int pair = repetition;
            SIZES.forEach((name, bytes) -> {
                if (bytes == PlannedRun.Setup.USUAL.payloadBytes()
                        && !context.profile().everySize()) {
                    return;
                }
                for (String arm : Order.shuffled(context.arms(), context.random())) {
                    Map<String, Object> parameters = new LinkedHashMap<>();
                    parameters.put("variant", name);
                    parameters.put(SIZE, name);
                    parameters.put("underWay", UNDER_WAY);
                    parameters.put("pair", pair);
                    runs.add(new PlannedRun(
                                    NAME,
                                    arm,
                                    parameters,
                                    new Load.Policed(UNDER_WAY, Load.Mix.UNIFORM, 0),
                                    0,
                                    context.profile().warmUp(),
                                    context.profile().briefMillis(),
                                    context.profile().jvmOf(pair))
                            .with(new PlannedRun.Setup(
                                    bytes, PlannedRun.Setup.USUAL.handlers(), PlannedRun.Setup.USUAL.policy())));
                }
            });
        }
        return runs;
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String size : SIZES.keySet()) {
            List<RunResult> mine = runs.stream()
                    .filter(run -> run.broker().equals(broker)
                            && run.scenario().equals(NAME)
                            && size.equals(run.parameters().get(SIZE)))
                    .toList();
            if (!mine.isEmpty()) {
                comparisons.add(new PairedComparison(broker, NAME, Map.of(SIZE, size), mine)
                        .of("payload-throughput", false, RunResult::messagesPerSecond));
            }
        }
        return comparisons;
    }
}
