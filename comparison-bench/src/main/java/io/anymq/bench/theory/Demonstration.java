package io.anymq.bench.theory;

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

    /** The ways it is run in, for people; the trouble first. */
    List<String> variants();

    /** A guess at how long one of them takes. */
    double estimatedSeconds();

    /** Whether it takes a broker that can be killed. */
    default boolean needsAServer() {
        return false;
    }

    /** Runs one of {@link #variants()}. */
    Outcome run(String variant, Stage stage) throws Exception;
}
