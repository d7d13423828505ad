package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the size of a body affects messages and bytes per second. */
final class PayloadScenario {
    static final String NAME = "payload";
    private static final String SIZE = "size";

    /** In flight: 64 of the largest are 16 MB, which every arm has room for. */
    private static final int IN_FLIGHT = 64;

    private record Size(String name, int bytes) {}

    private static final List<Size> SIZES = List.of(
            new Size("100 B", 100), new Size("1 KB", 1_024), new Size("16 KB", 16_384), new Size("256 KB", 262_144));

    private PayloadScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        PlannedRun.Setup usual = PlannedRun.Setup.USUAL;
        for (int pair = 1; pair <= context.extent().payloadRepetitions(); pair++) {
            for (Size size : SIZES) {
                if (size.bytes == usual.payloadBytes() && !context.extent().everySize()) {
                    continue;
                }
                for (String arm : context.shuffledArms()) {
                    runs.add(context.run(
                                    NAME,
                                    arm,
                                    pair,
                                    new Load.Policed(IN_FLIGHT, Load.Mix.UNIFORM, 0),
                                    context.extent().briefMillis(),
                                    parameters(
                                            "variant", size.name, SIZE, size.name, "inFlight", IN_FLIGHT, PAIR, pair))
                            .with(new PlannedRun.Setup(size.bytes, usual.handlers(), usual.policy())));
                }
            }
        }
        return runs;
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Size size : SIZES) {
            List<RunResult> mine = own.stream()
                    .filter(run -> size.name.equals(run.parameter(SIZE)))
                    .toList();
            if (!mine.isEmpty()) {
                comparisons.add(new PairedComparison(broker, NAME, Map.of(SIZE, size.name), mine)
                        .of("payload-throughput", false, RunResult::rate));
            }
        }
        return comparisons;
    }
}
