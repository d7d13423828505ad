package io.anymq.history.check;

import static io.anymq.history.check.Story.RULES;
import static io.anymq.history.check.Story.orders;
import static io.anymq.history.check.Story.violated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.history.Event;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Corner cases of each invariant. */
class HistoryCheckerTest {
    @Test
    void emptyHistoryProvesNothing() {
        Report report = new Story().check(orders(RULES).build()).requireClean();

        assertThat(report.having(Verdict.VACUOUS)).containsExactlyInAnyOrder(Invariant.values());
        assertThatThrownBy(() -> report.requireProven(Set.of(Invariant.I1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("does not prove [I1]");
    }

    @Test
    void leftOutIsNotPassed() {
        Report report = new Story()
                .send("a", "k")
                .check(orders(RULES).without(Invariant.I1).build())
                .requireClean();

        assertThat(report.of(Invariant.I1).verdict()).isEqualTo(Verdict.LEFT_OUT);
        assertThatThrownBy(() -> report.requireProven(Set.of(Invariant.I1))).isInstanceOf(AssertionError.class);
    }

    @Test
    void unknownSourceIsAMistakeOfTheTest() {
        Story story = new Story().add(new Event.BacklogSeen("elsewhere", 0));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> story.check(orders(RULES).build()))
                .withMessageContaining("elsewhere");
    }

    @Test
    void violationTellsWhatHappenedWithItsProof() {
        Report report = new Story()
                .send("a", "k")
                .start("c", "a", "k", 1)
                .end("c", "a", 1, false)
                .check(orders(RULES).build());

        Violation violation = report.violations().get(0);
        assertThat(violation.sentence()).contains("'a'", "'orders'", "attempt 1 failed and nothing followed");
        assertThat(violation.proof()).hasSize(4);
        assertThatThrownBy(report::requireClean)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[I1]")
                .hasMessageContaining("\"handlerEnded\"");
    }

    @Test
    void violationsAreCountedBeyondThoseKept() {
        Story story = new Story();
        for (int i = 0; i < 50; i++) {
            story.send("m" + i, null);
        }
        CheckResult result = story.check(orders(RULES).build()).of(Invariant.I1);

        assertThat(result.violationCount()).isEqualTo(50);
        assertThat(result.violations()).hasSize(HistoryChecker.KEPT);
    }

    @Test
    void namesInSentencesAreEscaped() {
        Report report =
                new Story().send("a\n\u001b[31m", "k").check(orders(RULES).build());

        assertThat(report.toString()).contains("a\\u000a\\u001b[31m").doesNotContain("\u001b");
    }

    @Test
    void crashMayForgetAttemptsAndACloseMay() {
        Story crash = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false)
                .after(5)
                .start("c1", "a", "k", 2)
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .handle("c2", "a", "k");
        assertThat(violated(crash)).isEmpty();

        Story close = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false)
                .add(new Event.ConsumerClosing(Story.ORDERS, "c1"))
                .add(new Event.ConsumerClosed(Story.ORDERS, "c1", true))
                .handle("c2", "a", "k");
        assertThat(violated(close)).isEmpty();
    }

    @Test
    void redriveBeginsWithAttemptOne() {
        Story dead = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false)
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "a", 1, "PERMANENT"))
                .add(new Event.Redriven(Story.ORDERS, "a"));
        assertThat(violated(dead)).containsExactly(Invariant.I1);
        assertThat(violated(dead.handle("c1", "a", "k"))).isEmpty();

        Story wrong = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false)
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "a", 1, "PERMANENT"))
                .add(new Event.Redriven(Story.ORDERS, "a"))
                .start("c1", "a", "k", 2)
                .end("c1", "a", 2, true);
        assertThat(violated(wrong)).containsExactly(Invariant.I7);
    }

    @Test
    void sourceThatStoppedOwesNothingMore() {
        Story story = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false);

        Report report = story.check(orders(RULES.giveUp(GiveUp.STOP)).build()).requireClean();
        assertThat(report.of(Invariant.I1).excused()).isEqualTo(2);
    }

    @Test
    void whatWasSentBeforeTheSubscriptionIsNotOwed() {
        Story story = new Story().send("a", "k").add(new Event.Provisioned(Story.ORDERS));

        assertThat(violated(story)).isEmpty();
        assertThat(violated(story, orders(RULES.startingFromEarliest()))).containsExactly(Invariant.I1);
        assertThat(violated(story.send("b", "k"))).containsExactly(Invariant.I1);
    }

    @Test
    void messageOfAKilledProducerIsUnknown() {
        Story story = new Story().add(new Event.Sent("p", Story.ORDERS, "a", Story.content("a", "k")));
        assertThat(violated(story)).containsExactly(Invariant.I4);
        assertThat(violated(story.add(new Event.ProducerCrashed("p")))).isEmpty();
    }

    @Test
    void settlementForAnotherReasonMayComeBeforeTheConfirm() {
        Story story = new Story()
                .send("a", "k")
                .send("a", "k")
                .add("c1", new Event.DuplicateSkipped(Story.ORDERS, "c1", "a"))
                .start("c1", "a", "k", 1)
                .add("c1", new Event.OutputPublished(Story.ORDERS, "c1", "a", 1, "next", "o", Story.content("o", "k")))
                .end("c1", "a", 1, true)
                .add("c1", new Event.Settled(Story.ORDERS, "c1", "a"));

        assertThat(story.check(orders(RULES).build())
                        .requireClean()
                        .of(Invariant.I10)
                        .excused())
                .isEqualTo(1);
        assertThat(violated(story.add("c1", new Event.Settled(Story.ORDERS, "c1", "a"))))
                .containsExactly(Invariant.I10);
    }

    @Test
    void attemptWhoseOutputWasNotConfirmedIsRetried() {
        Story story = new Story().send("a", "k").start("c1", "a", "k", 1);
        story.add("c1", new Event.OutputPublished(Story.ORDERS, "c1", "a", 1, "next", "o", Story.content("o", "k")))
                .end("c1", "a", 1, true)
                .start("c1", "a", "k", 2)
                .add("c1", new Event.OutputPublished(Story.ORDERS, "c1", "a", 2, "next", "o", Story.content("o", "k")))
                .end("c1", "a", 2, true)
                .add("c1", new Event.OutputConfirmed(Story.ORDERS, "c1", "a", "next", "o"))
                .add("c1", new Event.Settled(Story.ORDERS, "c1", "a"));

        assertThat(violated(story)).isEmpty();
    }

    @Test
    void effectOfAnAttemptThatDiedIsRight() {
        Story story = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .add("c2", new Event.DuplicateSkipped(Story.ORDERS, "c2", "a"))
                .add(new Event.EffectApplied(Story.ORDERS, "a"));

        assertThat(violated(story, orders(RULES.exactlyOnceEffects()))).isEmpty();
    }

    @Test
    void faultThatWasNeverMendedLeavesTheBacklogOpen() {
        Story story = new Story().add(new Event.FaultBegan("down", null)).add(new Event.BacklogSeen(Story.ORDERS, 7));

        assertThat(story.check(orders(RULES).build()).of(Invariant.I12).verdict())
                .isEqualTo(Verdict.VACUOUS);
        assertThat(violated(story.add(new Event.FaultHealed("down")).add(new Event.BacklogSeen(Story.ORDERS, 7))))
                .containsExactly(Invariant.I12);
    }

    @Test
    void discardedMessageIsDoneWith() {
        SourceRules discarding = RULES.giveUp(GiveUp.DISCARD).retry(RetryRules.fixed(1, Duration.ZERO));
        Story story = new Story().send("a", "k").start("c1", "a", "k", 1).end("c1", "a", 1, false);

        assertThat(violated(story, orders(discarding))).isEmpty();
        assertThat(violated(story, orders(discarding.retry(RetryRules.fixed(2, Duration.ZERO)))))
                .containsExactly(Invariant.I1);
    }

    @Test
    void expectationsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expectations.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders(RULES).queue(Story.ORDERS, RULES).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders(RULES).clockSkew(Duration.ofNanos(-1)).build());
        assertThatIllegalArgumentException().isThrownBy(() -> RetryRules.fixed(0, Duration.ZERO));
    }
}
