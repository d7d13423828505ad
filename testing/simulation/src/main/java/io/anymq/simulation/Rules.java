package io.anymq.simulation;

import io.anymq.history.check.Expectations;
import io.anymq.history.check.GiveUp;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Order;
import io.anymq.history.check.RetryRules;
import io.anymq.history.check.SourceRules;
import io.anymq.simulation.plan.Setup;
import io.anymq.simulation.plan.Setup.End;
import java.time.Duration;

/** The expectations of a history. */
final class Rules {
    /** The longest wait of the engine's default policy. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private static final Duration DRAIN_BOUND = Duration.ofSeconds(61);

    /** A consumer that has no room looks for its connection every 500 ms only. */
    private static final Duration NOTICED = Duration.ofMillis(500);

    /**
     * The engine's wait before it opens another receiver: 100 ms, and twice as long after each receiver in a row that has
     * failed before it received anything. A plan has three faults, and no receiver fails without one.
     */
    private static final Duration REOPENED = Duration.ofMillis(400);

    /** To open it, and to take over lanes. */
    private static final Duration JOINED = Duration.ofMillis(100);

    /** A lost confirm shows after 300 ms, which is less. */
    private static final Duration AFTERMATH = NOTICED.plus(REOPENED).plus(JOINED);

    /** A wait at the broker is counted in milliseconds. */
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private Rules() {}

    static Expectations of(Setup setup) {
        Expectations.Builder expectations = Expectations.builder()
                .aftermath(AFTERMATH)
                .drainBound(DRAIN_BOUND)
                // no handler writes effects, and nothing bounds how long a key may be made to wait
                .without(Invariant.I9, Invariant.I11);
        SourceRules rules = rules(setup, setup.order());
        if (setup.topic()) {
            expectations.subscription("events", "mail", rules).subscription("events", "audit", rules);
        } else {
            expectations.queue("orders", rules);
        }
        if (setup.chained()) {
            expectations.queue("outputs", rules(setup, Order.PER_KEY));
        }
        return expectations.build();
    }

    private static SourceRules rules(Setup setup, Order order) {
        RetryRules retry = RetryRules.exponential(
                        setup.maxAttempts(), Duration.ofMillis(setup.retryMillis()), setup.multiplier(), LONGEST_DELAY)
                .withTolerance(order == Order.UNORDERED ? MILLISECOND : Duration.ZERO);
        SourceRules rules = SourceRules.of(order)
                .retry(retry)
                .giveUp(setup.giveUp() == End.DISCARD ? GiveUp.DISCARD : GiveUp.DEAD_LETTER)
                .recordingSettlements();
        return setup.giveUp() == End.DISCARD ? rules : rules.readingDeadLetters();
    }
}
