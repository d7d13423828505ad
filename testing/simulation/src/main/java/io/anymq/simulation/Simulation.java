package io.anymq.simulation;

import io.anymq.history.History;
import io.anymq.history.HistoryRecorder;
import io.anymq.history.check.HistoryChecker;
import io.anymq.simulation.instrument.EngineFlaw;
import io.anymq.simulation.instrument.GuestLoader;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import io.anymq.simulation.scheduler.Controlled;
import io.anymq.simulation.scheduler.Scheduler;
import io.anymq.simulation.scheduler.StuckException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Plays plans on an instrumented copy of the engine and the in-memory broker. The same plan gives the same history,
 * byte for byte. One run at a time; several instances may run side by side, as each has classes of its own.
 *
 * <pre>{@code
 * Run run = new Simulation().run(4711);
 * if (!run.isClean()) {
 *     System.out.println(run.describe());
 * }
 * }</pre>
 */
public final class Simulation {
    private static final long MAX_TURNS = 1_000_000;
    private static final String WORLD = "io.anymq.simulation.world.World";

    private final GuestLoader guests;
    private final @Nullable String flaw;
    private final MethodHandle play;

    /** Of AnyMQ as it is. */
    public Simulation() {
        this(null, null);
    }

    /** With a defect in the engine. */
    public Simulation(EngineFlaw flaw) {
        this(null, flaw);
    }

    /**
     * With a defect in the adapter.
     *
     * @param flaw the name of a class in a package of AnyMQ, a {@code UnaryOperator<BrokerConnection>} with a
     *     constructor without parameters, created for each run; or null
     */
    public Simulation(@Nullable String flaw) {
        this(flaw, null);
    }

    private Simulation(@Nullable String flaw, @Nullable EngineFlaw engineFlaw) {
        this.guests = new GuestLoader(Simulation.class.getClassLoader(), engineFlaw);
        this.flaw = flaw;
        try {
            this.play = MethodHandles.publicLookup()
                    .findStatic(
                            Class.forName(WORLD, true, guests),
                            "play",
                            MethodType.methodType(void.class, Plan.class, HistoryRecorder.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the simulation's classes are incomplete", e);
        }
    }

    /** Plays the plan of this seed. */
    public Run run(long seed) {
        return run(PlanGenerator.plan(seed));
    }

    /** Plays the plan of this seed in which code of the application misbehaves. */
    public Run runWithUserFaults(long seed) {
        return run(PlanGenerator.planWithUserFaults(seed));
    }

    /** Plays this plan. */
    public Run run(Plan plan) {
        Scheduler scheduler = new Scheduler(plan.seed(), guests, MAX_TURNS);
        try (HistoryRecorder recorder = HistoryRecorder.inMemory("simulation", Controlled::nanoTime)) {
            String failure = null;
            try {
                scheduler.run(() -> play(plan, recorder));
            } catch (StuckException | IllegalStateException e) {
                failure = Failures.describe(e);
            }
            History history = recorder.history();
            return new Run(
                    plan,
                    history,
                    failure == null ? HistoryChecker.check(history, Rules.of(plan, scheduler.runsPunctually())) : null,
                    failure,
                    scheduler.turns());
        }
    }

    private void play(Plan plan, HistoryRecorder recorder) {
        try {
            play.invoke(plan, recorder, flaw);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the simulated program could not be run", e);
        }
    }
}
