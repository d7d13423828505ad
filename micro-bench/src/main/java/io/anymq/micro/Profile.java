package io.anymq.micro;

import java.util.Locale;

/** How long is measured. */
enum Profile {
    /** All benchmarks in five minutes at most. */
    QUICK(2, 1, 4, 4, 1),
    /** All benchmarks in half an hour. */
    FULL(5, 3, 8, 5, 2);

    /** JVMs, one after the other, for each peer. */
    final int rounds;
    /** JVMs for each part of the engine, about which there is no goal. */
    final int partRounds;
    /** Unmeasured iterations of a second in each JVM. */
    final int warmups;
    /** Measured iterations in each JVM. */
    final int iterations;

    final int secondsEach;

    Profile(int rounds, int partRounds, int warmups, int iterations, int secondsEach) {
        this.rounds = rounds;
        this.partRounds = partRounds;
        this.warmups = warmups;
        this.iterations = iterations;
        this.secondsEach = secondsEach;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
