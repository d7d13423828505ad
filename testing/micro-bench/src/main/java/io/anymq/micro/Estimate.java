package io.anymq.micro;

/**
 * A value and the interval it lies in.
 *
 * @param value the most likely one
 * @param low the interval's lower end
 * @param high its upper end
 */
record Estimate(double value, double low, double high) {
    /** The ratio to {@code other} at its most cautious: each end takes both intervals at their worst. */
    Estimate over(Estimate other) {
        return new Estimate(value / other.value, low / other.high, high / other.low);
    }
}
