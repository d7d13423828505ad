package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.check.Invariant;
import io.anymq.simulation.flaw.OneAtATime;
import io.anymq.simulation.instrument.EngineFlaw;
import io.anymq.simulation.instrument.EngineFlaw.Kind;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plans with operators find within a bounded number of seeds. */
class OperatorFlawsTest {
    private static final int SEEDS = 300;

    /** The first run of these that {@code simulation} does not survive. */
    private static Run found(Simulation simulation, Invariant... wanted) {
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(PlanGenerator::planWithOperators)
                .map(simulation::run)
                .filter(run ->
                        wanted.length == 0 ? !run.isClean() : run.violated().contains(wanted[0].name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAdapterThatLetsAllWaitForAFailingKeyIsFound() {
        assertThat(found(new Simulation(OneAtATime.class.getName()), Invariant.I9)
                        .plan()
                        .setup()
                        .isPatient())
                .isTrue();
    }

    @ParameterizedTest(name = "{0} in {1}.{2}")
    @CsvSource({
        // letters of a parked key are parked again when they come back
        "SAYS_NO,receive.policy.ParkedKeys,isFreedBy",
        // no letter may go back where it came from
        "SAYS_NO,receive.redelivery.Origins,isDefault",
    })
    void aDefectOfRedrivesIsFound(Kind kind, String type, String method) {
        EngineFlaw flaw = new EngineFlaw(kind, "io.anymq.internal." + type, method);
        assertThat(found(new Simulation(flaw)).violated()).isNotEmpty();
        assertThat(flaw.isApplied()).isTrue();
    }

    @Test
    void aDuplicateThatIsHandledTwiceIsFound() {
        EngineFlaw flaw = new EngineFlaw(Kind.SAYS_NO, "io.anymq.policy.InMemoryIdempotencyStore", "isHeld");
        assertThat(found(new Simulation(flaw), Invariant.I11).plan().setup().idempotent())
                .isTrue();
        assertThat(flaw.isApplied()).isTrue();
    }
}
