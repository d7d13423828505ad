package io.anymq.micro;

import java.util.Locale;

/** The duration of a measurement. */
enum Profile {
    /** All benchmarks in eight minutes. */
    QUICK(2, 1, 5, 10, 4, 1),
    /** All benchmarks in 36 minutes. */
    FULL(5, 3, 8, 15, 5, 2);

    /** JVMs, one after the other, for each peer. */
    final int rounds;
    /** JVMs for each part of the engine, about which there is no goal. */
    final int partRounds;
    /** Unmeasured iterations of a second in each JVM. */
    final int warmups;
    /** The same for a whole server, which was still getting faster after eight seconds. */
    final int serverWarmups;
    /** Measured iterations in each JVM. */
    final int iterations;

    final int secondsEach;

    Profile(int rounds, int partRounds, int warmups, int serverWarmups, int iterations, int secondsEach) {
        this.rounds = rounds;
        this.partRounds = partRounds;
        this.warmups = warmups;
        this.serverWarmups = serverWarmups;
        this.iterations = iterations;
        this.secondsEach = secondsEach;
    }

    /** Unmeasured iterations of a second for one item. */
    int warmups(Item item) {
        return item.peer() != null && item.peer().isServer() ? serverWarmups : warmups;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
