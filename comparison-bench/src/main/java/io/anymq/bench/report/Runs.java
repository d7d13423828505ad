package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.scenario.CapacityScenarios;
import io.anymq.bench.scenario.LatencyScenario;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Questions that several parts of the report ask about runs. Stateless. */
final class Runs {
    private static final double RATE_WIDTH_SECONDS = 1.0;

    private Runs() {}

    static List<RunResult> of(Results results, Predicate<RunResult> condition) {
        return results.runs().stream().filter(condition).toList();
    }

    static List<RunResult> of(Results results, String broker, Predicate<RunResult> condition) {
        return of(results, run -> run.broker().equals(broker) && condition.test(run));
    }

    /** The runs of a scenario that found something, in order. */
    static List<RunResult> withFindings(Results results, String scenario) {
        return of(results, run -> run.scenario().equals(scenario) && run.findings() != null);
    }

    static Stream<BrokerInfo> available(Results results) {
        return results.brokers().stream().filter(BrokerInfo::available);
    }

    static boolean isEmbedded(BrokerInfo broker) {
        return "embedded".equals(broker.via());
    }

    /** A closed window with bodies of the usual size; where size or policy differ, the parameter has another name. */
    static boolean isClosed(RunResult run) {
        return run.run().parameters().get("window") instanceof Number;
    }

    /** A closed window of this size. */
    static boolean hasWindow(RunResult run, int size) {
        return isClosed(run) && run.parameter("window").equals(String.valueOf(size));
    }

    /** As many in flight as this benchmark allows. */
    static boolean isFull(RunResult run) {
        return hasWindow(run, CapacityScenarios.LARGEST_WINDOW);
    }

    static boolean isLatency(RunResult run) {
        return run.scenario().equals(LatencyScenario.NAME)
                && !run.parameter("load").isEmpty();
    }

    static boolean hasLoad(RunResult run, String load) {
        return run.scenario().equals(LatencyScenario.NAME)
                && run.parameter("load").equals(load);
    }

    /** Whether a chart shows its progress over time. */
    static boolean isDrawn(RunResult run) {
        return run.timeline().size() > 1;
    }

    /** How much a count grew per second, since the last point at least a second before the one at {@code index}. */
    static double perSecond(List<TimePoint> points, int index, Function<TimePoint, Long> count) {
        TimePoint now = points.get(index);
        int first = index;
        while (first > 0 && points.get(first).seconds() > now.seconds() - RATE_WIDTH_SECONDS) {
            first--;
        }
        double seconds = now.seconds() - points.get(first).seconds();
        return seconds <= 0 ? 0 : (count.apply(now) - count.apply(points.get(first))) / seconds;
    }

    /** Confirmed but not handled yet; repeated handlings do not count. */
    static long waiting(TimePoint point) {
        return Math.max(0, point.confirmed() - point.handled());
    }
}
