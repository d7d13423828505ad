package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One partition from its assignment to its revocation. */
class LogLaneTest {
    private final TestPartition lane = new TestPartition("a").arrive(10, 11, 12, 20);
    private final List<TestRecord> records = List.copyOf(lane.buffer());

    private TestRecord handOut() {
        return lane.buffer().remove();
    }

    @Test
    void whatMayBeCommittedIsTheFirstThatIsNotDone() {
        assertThat(new TestPartition("empty").committable()).isEqualTo(-1);
        assertThat(lane.committable()).isEqualTo(10);
        lane.settle(records.get(1));
        assertThat(lane.committable()).isEqualTo(10);
        lane.settle(records.get(0));
        assertThat(lane.committable()).isEqualTo(12);
        lane.settle(records.get(0));
        lane.settle(records.get(2));
        assertThat(lane.committable()).as("over the hole").isEqualTo(20);
        lane.settle(records.get(3));
        assertThat(lane.committable()).isEqualTo(21);
    }

    @Test
    void oneThatCountsAttemptsItselfBeginsWhereAnEarlierOwnerEnded() {
        TestPartition own = new TestPartition("a", 10, OffsetRanges.parse("1+2", 10));
        assertThat(own.committable()).isEqualTo(10);
        own.arrive(10, 11, 12, 13);
        assertThat(own.flows()).isTrue();
        assertThat(own.buffer()).extracting(LogMessage::offset).containsExactly(10L, 13L);
        assertThat(own.isMoved()).as("what was done is settled").isTrue();
        own.settle(own.buffer().element());
        assertThat(own.committable()).isEqualTo(13);
    }

    @Test
    void aRecordHasItsLaneAndItsPlaceAsIdAndTheCountItWasMadeWith() {
        assertThat(records.get(0).lane()).isSameAs(lane.lane());
        assertThat(records.get(0).id()).isEqualTo("a@10");
        assertThat(records.get(0).deliveryCount()).isEqualTo(1);
    }

    @Test
    void outIsWhatIsNeitherBufferedNorDoneInFront() {
        assertThat(lane.out()).isZero();
        handOut();
        TestRecord second = handOut();
        assertThat(lane.out()).isEqualTo(2);
        lane.settle(second);
        assertThat(lane.out()).as("behind one that is out").isEqualTo(2);
        lane.settle(records.get(0));
        assertThat(lane.out()).isZero();
    }

    @Test
    void aSettlementMovesItUntilAMarkCarriesIt() {
        assertThat(lane.isMoved()).isFalse();
        lane.settle(records.get(0));
        assertThat(lane.isMoved()).isTrue();
        OwnerMark mark = lane.progress();
        assertThat(mark.offset()).isEqualTo(11);
        assertThat(mark.open()).isTrue();
        assertThat(lane.isMoved()).isFalse();
        lane.moveAgain();
        assertThat(lane.isMoved()).isTrue();
        assertThat(lane.farewell().open()).isFalse();
        assertThat(lane.isMoved()).isFalse();
    }

    @Test
    void aMarkSaysWhatIsDoneBehindItsOffset() {
        lane.settle(records.get(1));
        lane.settle(records.get(2));
        assertThat(lane.progress().text()).isEqualTo("anymq:open;done=1+2");
        assertThat(lane.farewell().text()).isEqualTo("anymq:clean;done=1+2");
        assertThat(lane.farewell().offset()).isEqualTo(10);
    }

    @Test
    void aTryUnderWayIsInTheProgressAndNotInTheFarewell() {
        lane.current = records.get(0);
        records.get(0).deliveryCount(4);
        assertThat(lane.isTrying()).isTrue();
        assertThat(lane.progress().tries()).isEqualTo(4);
        assertThat(lane.farewell().tries()).isZero();
        lane.settle(records.get(0));
        assertThat(lane.isTrying()).isFalse();
        assertThat(lane.progress().tries()).isZero();
    }

    @Test
    void triesOfEarlierOwnersAreRememberedUntilTheRecordIsDone() {
        lane.care = LogLane.Care.CAREFUL;
        lane.suspect = 10;
        lane.suspectTries = 3;
        assertThat(lane.farewell().tries()).isEqualTo(3);
        assertThat(lane.progress().tries()).isEqualTo(3);
        lane.settle(records.get(0));
        assertThat(lane.farewell().tries()).isZero();
    }

    @Test
    void aLaneThatIsGoneOwnsNothing() {
        assertThat(lane.isOwned()).isTrue();
        lane.forget();
        assertThat(lane.isOwned()).isFalse();
        assertThat(lane.buffer()).isEmpty();
    }

    @Test
    void onlyAnOpenLaneThatIsNotPausedFlows() {
        assertThat(lane.flows()).isFalse();
        assertThat(lane.isMarked()).isFalse();
        lane.care = LogLane.Care.CAREFUL;
        assertThat(lane.flows()).isFalse();
        assertThat(lane.isMarked()).isTrue();
        lane.care = LogLane.Care.OPEN;
        assertThat(lane.flows()).isTrue();
        assertThat(lane.isMarked()).isTrue();
        lane.pause(true);
        assertThat(lane.flows()).isFalse();
        assertThat(lane.isPaused()).isTrue();
        lane.pause(false);
        assertThat(lane.flows()).isTrue();
    }
}
