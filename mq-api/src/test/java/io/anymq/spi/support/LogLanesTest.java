package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The partitions a receiver owns. */
class LogLanesTest {
    private final LogLanes<String, TestPartition, TestRecord> lanes = new LogLanes<>();
    private final TestPartition a = new TestPartition("a").arrive(0, 1, 2);
    private final TestPartition b = new TestPartition("b").arrive(0, 1);

    @BeforeEach
    void open() {
        for (TestPartition lane : List.of(a, b)) {
            lane.care = LogLane.Care.OPEN;
            lanes.byName().put(lane.lane().name(), lane);
        }
    }

    private List<TestRecord> take(int max) {
        List<TestRecord> taken = new ArrayList<>();
        lanes.takeFlowing(taken, max);
        return taken;
    }

    private static List<String> ids(List<TestRecord> records) {
        return records.stream().map(TestRecord::id).toList();
    }

    @Test
    void givesEachLaneInItsOrderUpToTheRoom() {
        assertThat(take(0)).isEmpty();
        assertThat(ids(take(4))).containsExactly("a@0", "a@1", "a@2", "b@0");
        assertThat(ids(take(10))).containsExactly("b@1");
        assertThat(take(10)).isEmpty();
    }

    @Test
    void countsWhatWasTakenAlready() {
        List<TestRecord> taken = take(2);
        lanes.takeFlowing(taken, 3);
        assertThat(ids(taken)).containsExactly("a@0", "a@1", "b@0");
    }

    @Test
    void aFullLaneDoesNotStarveTheOthers() {
        assertThat(ids(take(2))).containsExactly("a@0", "a@1");
        assertThat(ids(take(1))).containsExactly("b@0");
        assertThat(ids(take(10))).containsExactly("a@2", "b@1");
        assertThat(take(10)).isEmpty();
    }

    @Test
    void aPausedLaneGivesNothingAndTheOthersGoOn() {
        lanes.pause(a.lane(), true);
        assertThat(ids(take(10))).containsExactly("b@0", "b@1");
        lanes.pause(a.lane(), false);
        assertThat(ids(take(10))).containsExactly("a@0", "a@1", "a@2");
    }

    @Test
    void aSettlementCountsForItsOwnLaneWhileThatIsOwned() {
        List<TestRecord> taken = take(10);
        lanes.settle(taken.subList(0, 2));
        assertThat(a.committable()).isEqualTo(2);
        assertThat(b.committable()).isZero();
        lanes.forget(List.of(a));
        lanes.settle(taken);
        assertThat(a.committable()).as("it belongs to another").isEqualTo(2);
        assertThat(b.committable()).isEqualTo(2);
    }

    @Test
    void whatIsForgottenIsGone() {
        lanes.forget(List.of(a));
        assertThat(a.isOwned()).isFalse();
        assertThat(lanes.all()).containsExactly(b);
        assertThat(ids(take(10))).containsExactly("b@0", "b@1");
    }

    @Test
    void theNextAssignmentOfAPartitionIsAnotherLane() {
        List<TestRecord> old = take(10);
        lanes.forget(List.of(a));
        TestPartition again = new TestPartition("a").arrive(0, 1, 2);
        again.care = LogLane.Care.OPEN;
        lanes.byName().put("a", again);
        lanes.settle(old);
        assertThat(again.committable()).isZero();
        lanes.pause(a.lane(), true);
        assertThat(ids(take(10))).containsExactly("a@0", "a@1", "a@2");
    }
}
