package io.anymq.simulation.plan;

/**
 * Whether each handler's success is recorded as an effect of its message: where duplicates are recognized, there must be
 * one, also for a message that was sent twice. A store keeps no more than that where a process dies or a claim runs out.
 */
public final class EffectsOnce {
    /** No close of this length forces a handler. */
    private static final long LONG_DRAIN_MILLIS = 2_000;

    private EffectsOnce() {}

    /** {@code punctual}: no handler takes longer than it works, so that no claim ends while it runs. */
    public static boolean areRecorded(Plan plan, boolean punctual) {
        Setup setup = plan.setup();
        return punctual && plan.isCalm() && setup.idempotent() && setup.drainMillis() >= LONG_DRAIN_MILLIS;
    }
}
