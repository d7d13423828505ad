package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.simulation.instrument.EngineFlaw;
import io.anymq.simulation.instrument.EngineFlaw.Kind;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A defect of the engine that only shows when the application's code misbehaves is found within a bounded number of
 * seeds. The search begins at a seed near one that finds it, to save time.
 */
class UserFaultFlawsTest {
    private static final String ENGINE = "io.anymq.internal.";
    private static final int SEEDS = 300;
    private static final int SEEDS_WITHOUT = 20;

    @ParameterizedTest(name = "{0} in {1}.{2}")
    @CsvSource({
        // a store that throws a checked exception takes its message's slot for ever
        "CATCHES_ONLY_RUNTIME,receive.policy.IdempotencyLayer,claim,1",
        "CATCHES_ONLY_RUNTIME,receive.policy.IdempotencyLayer,done,1",
        "CATCHES_NO_ERROR,receive.policy.Leases$Lease,prolong,170",
        // an error of a key function ends the consumer
        "CATCHES_NO_ERROR,receive.policy.IdempotencyLayer,handle,60",
        "CATCHES_ONLY_RUNTIME,receive.keys.Workers,start,1",
        "CATCHES_ONLY_RUNTIME,receive.keys.Workers,continueWithSlot,100",
        "CATCHES_NO_ERROR,receive.policy.HandlerLayer,handle,1",
        "CATCHES_NO_ERROR,receive.policy.AsyncHandlerLayer,handle,70",
        "CATCHES_NO_ERROR,receive.policy.BatchHandlerLayer,call,90",
        "CATCHES_NO_ERROR,receive.policy.InterceptedHandler,call,140",
        "CATCHES_NO_ERROR,receive.policy.DecodeLayer,handle,50",
        "CATCHES_ONLY_RUNTIME,support.Observers,tell,10",
        "CATCHES_NO_ERROR,send.InterceptedSend,proceed,30",
        // an executor that blocks blocks the timer
        "RUNS_AT_ONCE,receive.keys.Workers,startWorker,1",
        // a close in a handler waits for that handler
        "SAYS_NO,receive.keys.Workers,isWorker,50",
    })
    void aDefectInTheHandlingOfUserCodeIsFound(Kind kind, String type, String method, long first) {
        EngineFlaw flaw = new EngineFlaw(kind, ENGINE + type, method);
        Simulation simulation = new Simulation(flaw);

        assertThat(isFound(simulation, PlanGenerator::plan, first, SEEDS_WITHOUT))
                .as("without user faults")
                .isFalse();
        assertThat(isFound(simulation, PlanGenerator::planWithUserFaults, first, SEEDS))
                .as("with them")
                .isTrue();
        assertThat(flaw.isApplied()).isTrue();
    }

    /** All runs look where stages run, since that needs no misbehaving code. */
    @ParameterizedTest(name = "{0} in {1}.{2}")
    @CsvSource({
        // a stage that blocks delays the timer, or a receive thread
        "RUNS_AT_ONCE,support.Callbacks,start,1",
    })
    void aDefectInTheCallsOfUserCodeIsFound(Kind kind, String type, String method, long first) {
        EngineFlaw flaw = new EngineFlaw(kind, ENGINE + type, method);

        assertThat(isFound(new Simulation(flaw), PlanGenerator::planWithUserFaults, first, SEEDS))
                .isTrue();
        assertThat(flaw.isApplied()).isTrue();
    }

    private static boolean isFound(Simulation simulation, LongFunction<Plan> plans, long first, long seeds) {
        return LongStream.range(first, first + seeds)
                .mapToObj(plans)
                .anyMatch(plan -> !simulation.run(plan).isClean());
    }
}
