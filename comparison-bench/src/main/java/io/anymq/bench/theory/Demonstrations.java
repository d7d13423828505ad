package io.anymq.bench.theory;

import static io.anymq.bench.theory.Demonstration.Needs.CRASH;
import static io.anymq.bench.theory.Demonstration.Needs.NOTHING;
import static io.anymq.bench.theory.Demonstration.Needs.SERVER;

import java.util.List;

/** All demonstrations. */
public final class Demonstrations {
    private static final String COUNTED = "counted";
    private static final String RATES = "rates";

    private static final List<Demonstration> ALL = List.of(
            new Demonstration("key-order", NOTHING, COUNTED, 3, 3, Ordering.VARIANTS, Ordering::overtaking),
            new Demonstration("race", NOTHING, COUNTED, 2, 2, List.of("unordered", "per key"), Ordering::lostUpdates),
            new Demonstration("duplicates", NOTHING, COUNTED, 3, 3, Failures.SENT_TWICE, Failures::duplicates),
            new Demonstration("poison", NOTHING, COUNTED, 4, 4, Failures.POISON, Failures::poison),
            new Demonstration(
                    "poison-process", SERVER, COUNTED, 12, 12, List.of(Failures.DEAD_LETTER), Crashes::poison),
            new Demonstration("failure-isolation", NOTHING, COUNTED, 2, 2, Decoupling.CALLS, Decoupling::isolation),
            new Demonstration("fan-out", NOTHING, COUNTED, 3, 3, Decoupling.SUBSCRIBERS, Decoupling::fanOut),
            new Demonstration("peak-shaving", NOTHING, RATES, 6.3, 20, PeakShaving.VARIANTS, PeakShaving::run),
            new Demonstration("scale-out", NOTHING, RATES, 6.3, 8, ScaleOut.VARIANTS, ScaleOut::run),
            new Demonstration("slow-consumer", NOTHING, "", 1.6, 5.5, Decoupling.DELAYS, Decoupling::slowConsumer),
            new Demonstration(
                    "first-message", NOTHING, "first-message", 2, 12, FirstMessage.VARIANTS, FirstMessage::run),
            new Demonstration("failover", CRASH, "failover", 12, 15, Failover.VARIANTS, Failover::run));

    private Demonstrations() {}

    /** In the order in which they are run. */
    public static List<Demonstration> all() {
        return ALL;
    }

    /** By name; throws {@link IllegalArgumentException} if there is none. */
    public static Demonstration named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no demonstration is called '" + name + "'"));
    }
}
