package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.MessagingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which records go out after an owner has died, and what is counted. */
class CrashCountsTest {
    private static final int WINDOW = 3;

    private final TestMarks marks = new TestMarks();
    private final LogLanes<String, TestPartition, TestRecord> lanes = new LogLanes<>();
    private final CrashCounts<TestPartition, TestRecord> counts = new CrashCounts<>(marks, lanes.all(), WINDOW);

    private TestPartition assign(String name) {
        TestPartition partition = new TestPartition(name);
        lanes.byName().put(name, partition);
        return partition;
    }

    /** One that an owner left open at {@code offset}; {@code tries} 0: no message had begun. */
    private TestPartition orphan(String name, long offset, int tries) {
        TestPartition partition = assign(name);
        marks.left.put(partition, new OwnerMark(offset, true, tries, new OffsetRanges()));
        return partition;
    }

    /** The result of a receive. */
    private List<String> receive(int max) {
        counts.prepare();
        List<TestRecord> taken = new ArrayList<>();
        lanes.takeFlowing(taken, max);
        counts.take(taken, max - taken.size());
        out.addAll(taken);
        return taken.stream()
                .map(record -> record.id() + (record.deliveryCount() == 1 ? "" : "#" + record.deliveryCount()))
                .toList();
    }

    private final List<TestRecord> out = new ArrayList<>();

    private void settle(String id) {
        TestRecord done = out.stream()
                .filter(record -> record.id().equals(id))
                .findFirst()
                .orElseThrow();
        lanes.settle(List.of(done));
    }

    @Test
    void aFreshPartitionIsMarkedBeforeItFlows() {
        TestPartition a = assign("a").arrive(0, 1, 2);
        List<TestRecord> early = new ArrayList<>();
        lanes.takeFlowing(early, 10);
        counts.take(early, 10);
        assertThat(early).isEmpty();
        assertThat(a.isMarked()).isFalse();
        assertThat(receive(10)).containsExactly("a@0", "a@1", "a@2");
        assertThat(a.isMarked()).isTrue();
        assertThat(marks.written).containsExactly(Map.of("a", "0 anymq:try=1"));
        assertThat(receive(10)).isEmpty();
        assertThat(marks.written).as("once").hasSize(1);
    }

    @Test
    void beforeItsFirstRecordNothingIsAsked() {
        assign("a");
        assertThat(receive(10)).isEmpty();
        assertThat(marks.written).isEmpty();
    }

    @Test
    void besideWorkThatIsUnderWayTheFirstRecordIsNotCounted() {
        assign("a").arrive(0);
        assertThat(receive(10)).containsExactly("a@0");
        assign("b").arrive(7);
        assertThat(receive(10)).containsExactly("b@7");
        assertThat(marks.written.get(1)).isEqualTo(Map.of("b", "7 anymq:open"));
    }

    @Test
    void aPartitionThatIsAboutToGoIsMarkedByNobodyAndGivesNothing() {
        assign("a").arrive(0);
        marks.leaving = true;
        assertThat(receive(10)).isEmpty();
        marks.leaving = false;
        assertThat(receive(10)).containsExactly("a@0");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNoReasonToGoOn() {
        assign("a").arrive(0);
        marks.down = true;
        assertThatThrownBy(() -> receive(10)).isInstanceOf(MessagingException.class);
        marks.down = false;
        assertThat(receive(10)).containsExactly("a@0");
    }

    @Test
    void aCleanEndNeedsNoCare() {
        TestPartition a = assign("a").arrive(5, 6);
        marks.left.put(a, new OwnerMark(5, false, 0, new OffsetRanges()));
        assertThat(receive(10)).containsExactly("a@5", "a@6");
    }

    @Test
    void whatMayHaveKilledItsOwnerGoesOneByOneEachCountedBefore() {
        orphan("a", 5, 2).arrive(5, 6, 7, 8, 9);
        assertThat(receive(10)).containsExactly("a@5#3");
        assertThat(marks.written).containsExactly(Map.of("a", "5 anymq:try=3"));
        assertThat(counts.longestWaitNanos()).isEqualTo(2_000_000);
        assertThat(receive(10)).as("the first is not done").isEmpty();
        settle("a@5");
        assertThat(receive(10)).containsExactly("a@6");
        assertThat(marks.written.get(1)).isEqualTo(Map.of("a", "6 anymq:try=1"));
        settle("a@6");
        assertThat(receive(10)).containsExactly("a@7");
        settle("a@7");
        receive(10);
        assertThat(receive(10)).as("beyond the window of the dead owner").containsExactly("a@8", "a@9");
        assertThat(counts.longestWaitNanos()).isEqualTo(100_000_000);
        assertThat(marks.written).hasSize(3);
    }

    @Test
    void everyCrashIsCountedOnceForTheRecordThatCausesIt() {
        for (int crash = 1; crash <= 6; crash++) {
            lanes.forget(List.copyOf(lanes.all()));
            TestPartition before =
                    new ArrayList<>(marks.left.keySet()).stream().findFirst().orElse(null);
            TestPartition a = assign("a");
            OwnerMark mark = before == null ? null : marks.left.remove(before);
            if (mark != null) {
                marks.left.put(a, OwnerMark.of(mark.offset(), mark.text()));
            }
            a.arrive(0, 1, 2);
            List<String> first = receive(10);
            assertThat(first.get(0)).isEqualTo(crash == 1 ? "a@0" : "a@0#" + crash);
        }
    }

    @Test
    void atTheEndOfThePartitionTheCareEnds() {
        TestPartition a = orphan("a", 5, 1).arrive(5, 6);
        marks.ends.put(a, 6L);
        assertThat(receive(10)).containsExactly("a@5#2");
        settle("a@5");
        receive(10);
        a.arrive(7);
        assertThat(receive(10)).endsWith("a@7");
        assertThat(counts.longestWaitNanos()).isEqualTo(100_000_000);
        assertThat(out.stream().map(TestRecord::id)).containsExactly("a@5", "a@6", "a@7");
    }

    @Test
    void aSuspectGoesAlone() {
        orphan("a", 0, 0).arrive(0, 1);
        orphan("b", 5, 1).arrive(5, 6);
        assertThat(receive(10)).containsExactly("b@5#2");
        assertThat(receive(10)).as("nothing beside it").isEmpty();
        settle("b@5");
        assertThat(receive(10)).containsExactly("a@0", "b@6");
    }

    @Test
    void aSuspectWaitsForWhatIsOut() {
        orphan("a", 0, 0).arrive(0, 1);
        assertThat(receive(10)).containsExactly("a@0");
        orphan("b", 5, 1).arrive(5);
        assertThat(receive(10)).isEmpty();
        settle("a@0");
        assertThat(receive(10)).as("before the next of the others").containsExactly("b@5#2");
        settle("b@5");
        assertThat(receive(10)).containsExactly("a@1");
    }

    @Test
    void noMoreGoThanThereIsRoomFor() {
        orphan("a", 0, 0).arrive(0);
        orphan("b", 0, 0).arrive(0);
        assertThat(receive(0)).isEmpty();
        assertThat(receive(1)).hasSize(1);
        assertThat(receive(1)).hasSize(1);
        assertThat(marks.written).hasSize(2);
    }

    @Test
    void aPausedPartitionGivesNothingWhileInDoubt() {
        TestPartition a = orphan("a", 0, 1).arrive(0);
        a.pause(true);
        assertThat(receive(10)).isEmpty();
        assertThat(marks.written).isEmpty();
        a.pause(false);
        assertThat(receive(10)).containsExactly("a@0#2");
    }

    @Test
    void whatCouldNotBeCountedDoesNotGo() {
        orphan("a", 0, 1).arrive(0);
        marks.down = true;
        assertThatThrownBy(() -> receive(10)).isInstanceOf(MessagingException.class);
        marks.down = false;
        marks.leaving = true;
        assertThat(receive(10)).isEmpty();
        marks.leaving = false;
        assertThat(receive(10)).containsExactly("a@0#2");
    }

    @Test
    void whatAnEarlierOwnerHadDoneDoesNotGoAgain() {
        TestPartition a = assign("a").arrive(5, 6, 7, 8);
        OffsetRanges done = new OffsetRanges();
        done.add(6, 7);
        done.add(11, 11);
        marks.left.put(a, new OwnerMark(5, true, 1, done));
        assertThat(receive(10)).containsExactly("a@5#2");
        a.arrive(9, 10, 11, 12);
        settle("a@5");
        assertThat(a.committable()).isEqualTo(8);
        while (out.size() < 5) {
            receive(10);
            lanes.settle(out);
        }
        assertThat(out.stream().map(TestRecord::offset)).containsExactly(5L, 8L, 9L, 10L, 12L);
        assertThat(a.committable()).isEqualTo(13);
    }
}
