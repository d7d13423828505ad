package io.anymq.simulation;

import io.anymq.history.check.CheckResult;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Report;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plays many seeds, on as many threads as asked for. Each worker keeps one core busy. */
public final class Campaign {
    /** More failing seeds than this are not worth their time. */
    private static final int ENOUGH = 10;

    private final long first;
    private final long count;
    private final Supplier<Simulation> simulations;
    private final LongFunction<Plan> plans;
    private final AtomicLong next;
    private final List<Run> failed = new ArrayList<>();
    private final Map<Invariant, Long> facts = new EnumMap<>(Invariant.class);
    private long runs;
    private long turns;
    private long events;

    /** Of {@code count} seeds from {@code first} on; {@code flaw} as in {@link Simulation#Simulation(String)}. */
    public Campaign(long first, long count, @Nullable String flaw) {
        this(first, count, () -> new Simulation(flaw), PlanGenerator::plan);
    }

    /** {@code simulations} makes one for each worker; {@code plans} the plan of a seed. */
    public Campaign(long first, long count, Supplier<Simulation> simulations, LongFunction<Plan> plans) {
        this.first = first;
        this.count = count;
        this.simulations = simulations;
        this.plans = plans;
        this.next = new AtomicLong(first);
    }

    /** Plays them all, or until enough of them have failed. */
    public Campaign play(int workers) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(this::work, "simulation-worker-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                next.set(first + count);
                Thread.currentThread().interrupt();
                break;
            }
        }
        return this;
    }

    private void work() {
        Simulation simulation = simulations.get();
        for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
            note(simulation.run(plans.apply(seed)));
        }
    }

    private synchronized void note(Run run) {
        runs++;
        turns += run.turns();
        events += run.history().size();
        Report report = run.report();
        if (report != null) {
            for (CheckResult result : report.results()) {
                facts.merge(result.invariant(), result.facts(), Long::sum);
            }
        }
        if (!run.isClean()) {
            failed.add(run);
            if (failed.size() >= ENOUGH) {
                next.set(first + count);
            }
        }
    }

    /** The runs in which something was violated, by seed. */
    public synchronized List<Run> failed() {
        return failed.stream()
                .sorted(Comparator.comparingLong(run -> run.plan().seed()))
                .toList();
    }

    /** The number of seeds that were run. */
    public synchronized long runs() {
        return runs;
    }

    /** The number of times each invariant was tested. */
    public synchronized Map<Invariant, Long> facts() {
        return new EnumMap<>(facts);
    }

    @Override
    public synchronized String toString() {
        return runs + " seeds from " + first + ", " + events + " events, " + turns + " turns; facts " + facts
                + "; failed: "
                + failed.stream()
                        .map(run -> run.plan().seed() + " " + run.violated())
                        .toList();
    }
}
