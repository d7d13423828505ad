package io.anymq.simulation;

import io.anymq.history.check.Expectations;
import io.anymq.history.check.GiveUp;
import io.anymq.history.check.Order;
import io.anymq.history.check.RetryRules;
import io.anymq.history.check.SourceRules;
import io.anymq.simulation.plan.EffectsOnce;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.Setup;
import io.anymq.simulation.plan.Setup.End;
import java.time.Duration;

/** The expectations of a history. */
final class Rules {
    /** The longest wait of the engine's default policy. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private static final Duration DRAIN_BOUND = Duration.ofSeconds(61);

    /** All messages of a key may wait, one after the other. */
    private static final Duration PATIENT_DRAIN_BOUND = Duration.ofSeconds(901);

    /** Half of the wait for the next attempt of a patient plan, and longer than all its handlers take together. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

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

    /** {@code punctual}: time passes only as far as threads wait for it. */
    static Expectations of(Plan plan, boolean punctual) {
        Setup setup = plan.setup();
        Expectations.Builder expectations = Expectations.builder()
                .aftermath(AFTERMATH)
                .drainBound(setup.isPatient() ? PATIENT_DRAIN_BOUND : DRAIN_BOUND);
        SourceRules rules = rules(plan, setup.order(), punctual);
        if (setup.topic()) {
            expectations.subscription("events", "mail", rules).subscription("events", "audit", rules);
        } else {
            expectations.queue("orders", rules);
        }
        if (setup.chained()) {
            expectations.queue("outputs", rules(plan, Order.PER_KEY, punctual));
        }
        return expectations.build();
    }

    private static SourceRules rules(Plan plan, Order order, boolean punctual) {
        Setup setup = plan.setup();
        RetryRules retry = RetryRules.exponential(
                        setup.maxAttempts(), Duration.ofMillis(setup.retryMillis()), setup.multiplier(), LONGEST_DELAY)
                .withTolerance(order == Order.UNORDERED ? MILLISECOND : Duration.ZERO);
        SourceRules rules = SourceRules.of(order)
                .retry(retry)
                .giveUp(giveUp(setup.giveUp()))
                .recordingSettlements();
        if (EffectsOnce.areRecorded(plan, punctual)) {
            rules = rules.exactlyOnceEffects();
        }
        if (setup.isPatient() && punctual && plan.isCalm()) {
            rules = rules.latencyBound(LONGEST_WAIT);
        }
        return rules.giveUp() == GiveUp.DEAD_LETTER ? rules.readingDeadLetters() : rules;
    }

    private static GiveUp giveUp(End end) {
        return switch (end) {
            case DEAD_LETTER, PARK_KEY -> GiveUp.DEAD_LETTER;
            case DISCARD -> GiveUp.DISCARD;
            case STOP -> GiveUp.STOP;
        };
    }
}
