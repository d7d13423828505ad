package io.anymq.bench.theory;

import java.util.List;

/** All demonstrations. */
public final class Demonstrations {
    private static final String COUNTED = "counted";
    private static final String RATES = "rates";

    private static final List<Demonstration> ALL = List.of(
            new Demonstration("async-response", "", 1.1, 3.5, Decoupling.SERVICES, Decoupling::asyncResponse),
            new Demonstration("key-order", COUNTED, 3, 3, Ordering.VARIANTS, Ordering::overtaking),
            new Demonstration("race", COUNTED, 2, 2, List.of("unordered", "per key"), Ordering::lostUpdates),
            new Demonstration("duplicates", COUNTED, 3, 3, Failures.SENT_TWICE, Failures::duplicates),
            new Demonstration("poison", COUNTED, 4, 4, Failures.POISON, Failures::poison),
            new Demonstration("failure-isolation", COUNTED, 2, 2, Decoupling.CALLS, Decoupling::isolation),
            new Demonstration("fan-out", COUNTED, 3, 3, Decoupling.SUBSCRIBERS, Decoupling::fanOut),
            new Demonstration("peak-shaving", RATES, 6.3, 20, PeakShaving.VARIANTS, PeakShaving::run),
            new Demonstration("scale-out", RATES, 6.3, 8, ScaleOut.VARIANTS, ScaleOut::run),
            new Demonstration("slow-consumer", "", 1.6, 5.5, Decoupling.DELAYS, Decoupling::slowConsumer),
            new Demonstration("first-message", "first-message", 2, 12, FirstMessage.VARIANTS, FirstMessage::run),
            new Demonstration(Failover.NAME, Failover.NAME, 12, 15, Failover.VARIANTS, Failover::run));

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
