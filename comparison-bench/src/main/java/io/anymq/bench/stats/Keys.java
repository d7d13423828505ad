package io.anymq.bench.stats;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws keys: uniformly, or the n-th 1/n times as often as the first (Zipf's law with exponent 1). Used by one thread. */
public final class Keys {
    private final SplittableRandom random;
    private final int count;
    private final double[] upTo;

    /** So many keys, by Zipf's law or uniformly. */
    public Keys(SplittableRandom random, int count, boolean zipf) {
        this.random = random;
        this.count = count;
        upTo = new double[zipf ? count : 0];
        double sum = 0;
        for (int key = 0; key < upTo.length; key++) {
            sum += 1.0 / (key + 1);
            upTo[key] = sum;
        }
    }

    /** From 0, the most frequent. */
    public int next() {
        if (upTo.length == 0) {
            return random.nextInt(count);
        }
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[count - 1]);
        return Math.min(count - 1, found < 0 ? -found - 1 : found + 1);
    }
}
