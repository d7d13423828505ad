package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogCommitsTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final class Place {
        long done;
        long committed;

        boolean isMoved() {
            return done != committed;
        }

        void moveAgain() {
            committed = -1;
        }
    }

    private static final class Commits extends LogCommits<Place> {
        final List<List<Place>> rounds = new ArrayList<>();

        Commits(List<Place> lanes) {
            super(lanes, Place::isMoved, Place::moveAgain);
        }

        @Override
        protected void send(List<Place> moved) {
            moved.forEach(lane -> lane.committed = lane.done);
            rounds.add(moved);
        }

        void end(Place lane, boolean committed) {
            ended(lane, committed);
        }
    }

    private final Place a = new Place();
    private final Place b = new Place();
    private final Commits commits = new Commits(List.of(a, b));

    private void settle(Place lane) {
        lane.done++;
        commits.moved();
        commits.sendIfDue();
    }

    /** Calls it as a receiver does, until there were so many rounds. */
    private void awaitRounds(int count) {
        await().atMost(BOUND).until(() -> {
            commits.sendIfDue();
            return commits.rounds.size() == count;
        });
    }

    @Test
    void theFirstIsCommittedAtOnceAndOnlyWhatMoved() {
        commits.sendIfDue();
        assertThat(commits.rounds).isEmpty();
        assertThat(commits.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);
        settle(b);
        assertThat(commits.rounds).containsExactly(List.of(b));
    }

    @Test
    void anotherRoundWaitsForTheOneUnderWayAndForItsTime() {
        settle(a);
        settle(a);
        assertThat(commits.rounds).hasSize(1);
        assertThat(commits.nanosUntilDue())
                .as("nothing to do before the answer")
                .isEqualTo(Long.MAX_VALUE);
        commits.end(a, true);
        assertThat(commits.nanosUntilDue())
                .isLessThanOrEqualTo(Duration.ofMillis(100).toNanos());
        awaitRounds(2);
        assertThat(a.committed).isEqualTo(2);
    }

    @Test
    void aRoundEndsWithTheLastOfItsLanes() {
        a.done++;
        settle(b);
        assertThat(commits.rounds).containsExactly(List.of(a, b));
        commits.end(b, true);
        settle(a);
        assertThat(commits.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);
        commits.end(a, true);
        awaitRounds(2);
        assertThat(commits.rounds.get(1)).containsExactly(a);
    }

    @Test
    void whatFailedIsCommittedAgainThoughNothingMoves() {
        a.done++;
        settle(b);
        commits.end(a, false);
        commits.end(b, true);
        awaitRounds(2);
        assertThat(commits.rounds.get(1)).containsExactly(a);
        commits.end(a, true);
        commits.sendIfDue();
        assertThat(commits.rounds).hasSize(2);
    }
}
