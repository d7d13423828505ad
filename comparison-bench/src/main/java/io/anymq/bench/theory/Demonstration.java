package io.anymq.bench.theory;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Outcome;
import java.util.List;

/**
 * One claim of the theory, shown by counting what happens: once without the policy, once with it. It is about what is right, not
 * about what is fast, so a busy machine does not spoil it. Stateless. To add one, implement this and list it in
 * {@link Demonstrations}.
 */
public interface Demonstration {
    /** As in {@code --scenarios}. */
    String name();

    /** What it shows, in a sentence for people. */
    String claim();

    /**
     * What came out, in sentences for people; {@code {variant|finding}} stands for the range of it over the brokers. A
     * sentence is left out where one of its findings was not measured.
     */
    List<String> answers();

    /** The ways it is run in, for people; the trouble first. */
    List<String> variants();

    /** A guess at how long one of them takes; in the quick profile, or {@code thorough}. */
    double estimatedSeconds(boolean thorough);

    /**
     * Variants of demonstrations with the same company, which follow one another, are played side by side. What is only counted
     * or mostly waits does not suffer from it; what would suffer is played alone, in the company of nobody.
     */
    default String company() {
        return "";
    }

    /** Whose client plays it: {@link BrokerUnderTest#ADAPTER}, or the plain one. */
    default String arm(String variant) {
        return BrokerUnderTest.ADAPTER;
    }

    /** Whether it kills the broker. */
    default boolean killsTheBroker() {
        return false;
    }

    /** Whether it takes a broker with a process of its own. */
    default boolean needsAServer() {
        return false;
    }

    /** Runs one of {@link #variants()}. */
    Outcome run(String variant, Stage stage) throws Exception;
}
