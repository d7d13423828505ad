package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefetchControlTest {
    private final List<Integer> told = new ArrayList<>();

    /** As Artemis counts: what it may send without another word. */
    private int credit = 1;

    private PrefetchControl control(boolean credits, int window) {
        return new PrefetchControl(
                prefetch -> {
                    told.add(prefetch);
                    credit = prefetch;
                },
                credits,
                window);
    }

    private void arrive(PrefetchControl control, int messages) {
        for (int i = 0; i < messages; i++) {
            assertThat(credit).as("what the broker may send").isPositive();
            credit--;
            control.arrived();
        }
    }

    private void acknowledge(PrefetchControl control, int messages) throws JMSException {
        credit += messages;
        control.acknowledged(messages);
        control.adjust();
    }

    @Test
    void classicIsToldTheWindow() throws JMSException {
        PrefetchControl control = control(false, 32);
        control.window(64);
        assertThat(told).as("before it is opened").isEmpty();
        control.arrived();
        control.open();
        control.window(64);
        control.window(16);
        assertThat(told).containsExactly(64, 16);
    }

    @Test
    void artemisIsToldWhatIsLeftOfTheWindow() throws JMSException {
        PrefetchControl control = control(true, 32);
        arrive(control, 1);
        control.open();
        assertThat(told).containsExactly(31);
        arrive(control, 31);
        control.window(64);
        assertThat(told).containsExactly(31, 32);
        arrive(control, 32);
        assertThat(credit).as("sixty-four are there").isZero();
    }

    @Test
    void artemisIsStoppedWhileMoreIsThereThanWanted() throws JMSException {
        PrefetchControl control = control(true, 64);
        arrive(control, 1);
        control.open();
        arrive(control, 63);
        control.window(16);
        assertThat(credit).isZero();
        for (int left = 63; left >= 16; left--) {
            acknowledge(control, 1);
            assertThat(credit).as("with " + left + " unacknowledged").isZero();
        }
        acknowledge(control, 1);
        assertThat(credit).isEqualTo(1);
        acknowledge(control, 15);
        assertThat(credit).as("all are done").isEqualTo(16);
    }

    @Test
    void whatWasReplacedByOthersGivesNothingBack() throws JMSException {
        PrefetchControl control = control(true, 10);
        arrive(control, 1);
        // as Artemis does for a message that is delivered and not done
        credit++;
        control.extended(1);
        arrive(control, 1);
        control.open();
        assertThat(credit).isEqualTo(9);
        // its acknowledgement adds nothing
        control.acknowledged(1);
        control.window(11);
        assertThat(credit).isEqualTo(10);
    }
}
