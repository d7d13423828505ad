package io.anymq.history.check;

import static io.anymq.history.check.Story.RULES;
import static io.anymq.history.check.Story.orders;
import static io.anymq.history.check.Story.violated;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.Event;
import io.anymq.history.SendOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a message may be handled again, and when two may overlap. */
class RepetitionTest {
    @Test
    void redeliveryAfterACrashIsExcused() {
        Story story = new Story()
                .send("a", "k")
                .handle("c1", "a", "k")
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .handle("c2", "a", "k");

        assertThat(violated(story)).isEmpty();
        assertThat(violated(story, orders(RULES).redelivery(Redelivery.NEVER))).containsExactly(Invariant.I14);
    }

    @Test
    void redeliveryLongAfterACrashIsNot() {
        Story story = new Story()
                .send("a", "k")
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .after(100)
                .handle("c2", "a", "k")
                .handle("c2", "a", "k");

        assertThat(violated(story)).containsExactly(Invariant.I14);
        assertThat(violated(story, orders(RULES).aftermath(Duration.ofSeconds(1))))
                .isEmpty();
        assertThat(violated(story, orders(RULES).redelivery(Redelivery.ANY_TIME)))
                .isEmpty();
    }

    @Test
    void cleanCloseDoesNotExcuseARepetition() {
        Story story = new Story()
                .send("a", "k")
                .handle("c1", "a", "k")
                .add(new Event.ConsumerClosing(Story.ORDERS, "c1"))
                .add(new Event.ConsumerClosed(Story.ORDERS, "c1", true))
                .handle("c2", "a", "k");

        assertThat(violated(story)).containsExactly(Invariant.I14);
    }

    @Test
    void eachSendThatWasNotRejectedAllowsACopy() {
        Story story = new Story()
                .send("a", null, SendOutcome.UNKNOWN)
                .send("a", null)
                .handle("c", "a", null)
                .handle("c", "a", null);

        assertThat(violated(story)).isEmpty();
        assertThat(violated(story.handle("c", "a", null))).containsExactly(Invariant.I14);
    }

    @Test
    void rejectedSendAllowsNone() {
        Story story = new Story()
                .send("a", null, SendOutcome.REJECTED)
                .send("a", null)
                .handle("c", "a", null)
                .handle("c", "a", null);

        assertThat(violated(story)).containsExactly(Invariant.I14);
    }

    @Test
    void rejectedMessageMayAppearOnceItWasSentAgain() {
        Story early = new Story()
                .send("a", null, SendOutcome.REJECTED)
                .handle("c", "a", null)
                .send("a", null);

        assertThat(violated(early)).containsExactly(Invariant.I3);
    }

    /** The first send was stored and its confirmation lost; the second one was refused, because it was under way. */
    @Test
    void whichOfTwoOpenSendsWasRejectedIsNotKnown() {
        Story story = new Story()
                .add(new Event.Sent("p", Story.ORDERS, "a", Story.content("a", "k")))
                .handle("c", "a", "k")
                .add(new Event.Sent("p", Story.ORDERS, "a", Story.content("a", "k")))
                .add(new Event.SendEnded("p", Story.ORDERS, "a", SendOutcome.UNKNOWN))
                .add(new Event.SendEnded("p", Story.ORDERS, "a", SendOutcome.REJECTED));

        assertThat(violated(story)).isEmpty();
    }

    @Test
    void zombieMayOverlap() {
        Story story = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .add(new Event.FaultBegan("frozen", "c1"))
                .handle("c2", "a", "k")
                .end("c1", "a", 1, true)
                .add(new Event.FaultHealed("frozen"));
        Report report = story.check(orders(RULES).build()).requireClean();

        assertThat(report.of(Invariant.I6).excused()).isEqualTo(1);
    }

    @Test
    void anotherConsumersFaultIsNoExcuse() {
        Story story = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .add(new Event.FaultBegan("frozen", "c3"))
                .handle("c2", "b", "k")
                .end("c1", "a", 1, true);

        assertThat(violated(story)).containsExactly(Invariant.I6);
    }

    @Test
    void oneConsumerNeverOverlapsWithItself() {
        Story story = new Story()
                .send("a", "k")
                .send("b", "k")
                .add(new Event.FaultBegan("broker down", null))
                .start("c1", "a", "k", 1)
                .handle("c1", "b", "k")
                .end("c1", "a", 1, true)
                .add(new Event.FaultHealed("broker down"));

        assertThat(violated(story)).containsExactly(Invariant.I6);
    }

    @Test
    void crashedCallEndsWithItsConsumersLastSignOfLife() {
        Story story = new Story()
                .send("a", "k")
                .start("c1", "a", "k", 1)
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .handle("c2", "a", "k");

        assertThat(story.check(orders(RULES).build())
                        .requireClean()
                        .of(Invariant.I6)
                        .excused())
                .isZero();
    }
}
