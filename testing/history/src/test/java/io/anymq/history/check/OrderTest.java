package io.anymq.history.check;

import static io.anymq.history.check.Story.RULES;
import static io.anymq.history.check.Story.orders;
import static io.anymq.history.check.Story.violated;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.Event;
import io.anymq.history.SendOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is in an order, and what clocks cannot tell. */
class OrderTest {
    @Test
    void tieOfTwoProcessesProvesNothing() {
        Story tie = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, true)
                .atOnce()
                .handle("c2", "b", "k");
        assertThat(violated(tie)).isEmpty();

        Story sameProcess = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .start("c1", "b", "k", 1)
                .atOnce()
                .end("c1", "a", 1, true)
                .end("c1", "b", 1, true);
        assertThat(violated(sameProcess)).containsExactly(Invariant.I6);
    }

    @Test
    void skewHidesWhatIsCloserThanIt() {
        Story story =
                new Story().send("a", "k").send("b", "k").handle("c2", "b", "k").handle("c1", "a", "k");

        assertThat(violated(story)).containsExactly(Invariant.I5);
        assertThat(violated(story, orders(RULES).clockSkew(Duration.ofMillis(1))))
                .containsExactly(Invariant.I5);
        assertThat(violated(story, orders(RULES).clockSkew(Duration.ofMillis(2))))
                .isEmpty();
    }

    @Test
    void otherProducersAndKeysAreInNoOrder() {
        Story story = new Story().send("a", "k1").send("b", "k2");
        story.add(new Event.Sent("q", Story.ORDERS, "c", Story.content("c", "k1")))
                .add(new Event.SendEnded("q", Story.ORDERS, "c", SendOutcome.CONFIRMED))
                .handle("c1", "c", "k1")
                .handle("c1", "b", "k2")
                .handle("c1", "a", "k1");

        assertThat(violated(story)).isEmpty();
    }

    @Test
    void unknownMessageHasNoPlaceInTheOrder() {
        Story story = new Story()
                .send("a", "k", SendOutcome.UNKNOWN)
                .send("b", "k")
                .handle("c1", "b", "k")
                .handle("c1", "a", "k");

        assertThat(violated(story)).isEmpty();
    }

    @Test
    void messageThatWasSentAgainHasItsPlaceBetweenItsSends() {
        Story between = new Story()
                .send("a", "k", SendOutcome.UNKNOWN)
                .send("b", "k")
                .send("a", "k")
                .handle("c1", "b", "k")
                .handle("c1", "a", "k");
        assertThat(violated(between)).isEmpty();

        Story after = new Story()
                .send("a", "k", SendOutcome.UNKNOWN)
                .send("a", "k")
                .send("b", "k")
                .handle("c1", "b", "k")
                .handle("c1", "a", "k");
        assertThat(violated(after)).containsExactly(Invariant.I5);
    }

    @Test
    void crashRewindsButDoesNotReorder() {
        Story rewind = new Story()
                .send("a", "k")
                .send("b", "k")
                .handle("c1", "a", "k")
                .start("c1", "b", "k", 1)
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .handle("c2", "a", "k")
                .handle("c2", "b", "k");
        assertThat(violated(rewind)).isEmpty();

        Story skip = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .add(new Event.ConsumerCrashed(Story.ORDERS, "c1"))
                .handle("c2", "b", "k")
                .handle("c2", "a", "k");
        assertThat(violated(skip)).containsExactly(Invariant.I5);
    }

    @Test
    void parkedKeyIsDeadLetteredInOrder() {
        Story good = new Story()
                .send("a", "k")
                .send("b", "k")
                .start("c1", "a", "k", 1)
                .end("c1", "a", 1, false)
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "a", 1, "PERMANENT"))
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "b", 0, "KEY_PARKED"));
        assertThat(violated(good)).isEmpty();

        Story bad = new Story()
                .send("a", "k")
                .send("b", "k")
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "b", 0, "KEY_PARKED"))
                .add("c1", new Event.DeadLettered(Story.ORDERS, "c1", "a", 0, "KEY_PARKED"));
        assertThat(violated(bad)).containsExactly(Invariant.I5);
    }
}
