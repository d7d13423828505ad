package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.check.Order;
import io.anymq.simulation.plan.Operation;
import io.anymq.simulation.plan.Operation.Breakage;
import io.anymq.simulation.plan.Operation.Fate;
import io.anymq.simulation.plan.Operation.Fault;
import io.anymq.simulation.plan.Operation.Join;
import io.anymq.simulation.plan.Operation.Member;
import io.anymq.simulation.plan.Operation.Send;
import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.Setup;
import io.anymq.simulation.plan.Setup.End;
import io.anymq.simulation.plan.Setup.Handlers;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shortest plans of seeds that have found a defect of the engine. Each failed before it was mended. */
class FoundTest {
    private static final int SEEDS = 50;

    private static void assertClean(Setup setup, List<Operation> operations) {
        Simulation simulation = new Simulation();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run run = simulation.run(new Plan(seed, setup, operations));
            assertThat(run.violated()).as(() -> run.describe()).isEmpty();
        }
    }

    /** A batch had failed when its lane moved on: its one attempt counted at the broker, though none had been made. */
    @Test
    void aFailedBatchSpendsNoAttemptOfWhatIsHandedOver() {
        assertClean(
                new Setup(
                        Order.PER_KEY,
                        false,
                        1,
                        80,
                        1,
                        0.5,
                        0,
                        End.DISCARD,
                        Handlers.BATCH,
                        1,
                        100,
                        3,
                        false,
                        false,
                        2,
                        2_000),
                List.of(
                        new Send(1_000, "p2", "m6", "k0", 0, 1, false, 0, true),
                        new Send(1_000, "p1", "m7", "k0", 0, 1, false, 20_356, true),
                        new Join(19_029, "c1", 0)));
    }

    /**
     * A message that followed a parked key went to the dead letter while one before it was still gathered for a batch.
     */
    @Test
    void whatFollowsAParkedKeyWaitsForTheBatchBeforeIt() {
        assertClean(
                new Setup(
                        Order.TOTAL,
                        false,
                        1,
                        20,
                        1,
                        0,
                        5_000,
                        End.PARK_KEY,
                        Handlers.BATCH,
                        1,
                        100,
                        1_000,
                        false,
                        false,
                        1,
                        2_000),
                List.of(
                        new Join(500, "c1", 0),
                        new Send(1_000, "p1", "m1", "k1", 0, 1, false, 0, false),
                        new Send(40_000, "p1", "m2", "k2", 0, 0, false, 20_000, false),
                        new Send(40_000, "p1", "m3", "k2", 0, 0, false, 0, false),
                        new Send(40_000, "p1", "m4", "k2", 0, 0, false, 0, false),
                        new Send(40_000, "p1", "m5", "k1", 0, 0, false, 0, false),
                        new Send(40_000, "p1", "m6", "k2", 0, 0, false, 0, false)));
    }

    /** Its message had gone to another consumer, so no consumer waited for what its handler had started. */
    @Test
    void aCloseWaitsForTheStageOfALostMessage() {
        assertClean(
                new Setup(
                        Order.UNORDERED,
                        true,
                        2,
                        80,
                        1,
                        0.5,
                        5_000,
                        End.PARK_KEY,
                        Handlers.ASYNC,
                        3,
                        4,
                        1_000,
                        false,
                        false,
                        3,
                        2_000),
                List.of(
                        new Join(105_140, "c3", 0),
                        new Send(375_734, "p1", "m2", "k0", 0, 0, false, 29_045, true),
                        new Member(393_809, "c3", Fate.FREEZE, 273)));
    }

    /** The executor had taken work back, but nothing was left to ask it with: the health stayed DEGRADED. */
    @Test
    void anIdleConsumerRecoversFromItsExecutor() {
        assertClean(
                new Setup(
                        Order.TOTAL,
                        true,
                        2,
                        20,
                        1,
                        0.5,
                        10,
                        End.DEAD_LETTER,
                        Handlers.ASYNC,
                        2,
                        4,
                        1,
                        true,
                        false,
                        1,
                        2_000),
                List.of(
                        new Join(246_895, "c3", 0),
                        new UserFault(319_739, Place.EXECUTOR, Kind.UNREADABLE, 360),
                        new Send(367_708, "p1", "m2", "k0", 0, 0, false, 0, true)));
    }

    /** The message that had waited for the store went to another consumer: the health stayed DEGRADED. */
    @Test
    void aConsumerRecoversFromAStoreThatItNeedsNoMore() {
        assertClean(
                new Setup(
                        Order.UNORDERED,
                        true,
                        1,
                        0,
                        2,
                        0,
                        5_000,
                        End.PARK_KEY,
                        Handlers.ONE,
                        3,
                        1,
                        3,
                        true,
                        false,
                        4,
                        2_000),
                List.of(
                        new Join(12_445, "c1", 0),
                        new Fault(45_576, Breakage.STORE, 195),
                        new Send(90_351, "p1", "m2", "k3", 0, 0, false, 0, false),
                        new UserFault(246_242, Place.STORE, Kind.ERROR, 321),
                        new Fault(359_581, Breakage.BROKER, 27)));
    }

    /** An asynchronous handler had interrupted its thread, which called the next one so. */
    @Test
    void anInterruptionLeftBehindReachesNoOtherMessage() {
        assertClean(
                new Setup(
                        Order.PER_KEY,
                        false,
                        4,
                        5,
                        2,
                        0,
                        5_000,
                        End.DEAD_LETTER,
                        Handlers.ASYNC,
                        3,
                        4,
                        1,
                        false,
                        true,
                        2,
                        2_000),
                List.of(
                        new UserFault(1_000, Place.HANDLER, Kind.INTERRUPT, 400),
                        new Send(2_000, "p1", "m1", "k1", 0, 0, false, 6_000, false),
                        new Send(2_000, "p1", "m2", "k2", 0, 0, false, 6_000, false),
                        new Send(2_000, "p1", "m3", "k3", 0, 0, false, 6_000, false),
                        new Join(4_981, "c1", 0),
                        new Send(50_000, "p1", "m4", "k1", 0, 0, false, 6_000, false),
                        new Send(50_000, "p1", "m5", "k2", 0, 0, false, 6_000, false),
                        new Send(50_000, "p1", "m6", "k3", 0, 0, false, 6_000, false)));
    }

    /** The first retry to be put off at the broker found it gone: the message was never heard of again. */
    @Test
    void aRetryThatCannotBePutOffAtTheBrokerWaitsHere() {
        assertClean(
                new Setup(
                        Order.UNORDERED,
                        true,
                        3,
                        20,
                        1,
                        0.5,
                        10,
                        End.DEAD_LETTER,
                        Handlers.ASYNC,
                        4,
                        1,
                        1_000,
                        true,
                        true,
                        1,
                        2_000),
                List.of(
                        new Send(1_000, "p1", "m1", "k2", 0, 0, false, 21_983, true),
                        new Join(3_602, "c2", 1),
                        new Member(17_379, "c2", Fate.CRASH, 14)));
    }
}
