package io.anymq.bench.theory;

import java.util.List;

/** The demonstrations there are. */
public final class Demonstrations {
    private static final List<Demonstration> ALL = List.of(
            new KeyOrder(),
            new Race(),
            new Duplicates(),
            new Poison(),
            new PoisonedProcess(),
            new FailureIsolation(),
            new FanOut(),
            new PeakShaving(),
            new ScaleOut(),
            new SlowConsumer(),
            new FirstMessage(),
            new Failover());

    private Demonstrations() {}

    /** In the order in which they are run. */
    public static List<Demonstration> all() {
        return ALL;
    }

    /** By name; throws {@link IllegalArgumentException} where there is none. */
    public static Demonstration named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no demonstration is called '" + name + "'"));
    }
}
