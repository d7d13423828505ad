package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmedSendsTest {
    private final MessagingException error = new MessagingException(ErrorCode.NOT_FOUND, "no queue");
    private final ConfirmedSends sends = new ConfirmedSends(8);
    private final List<String> outcomes = new ArrayList<>();

    /** In the order in which the outcomes of all are reported. */
    private class Noted extends Sent {
        Noted(String id) {
            super(id);
        }

        @Override
        synchronized void ended(String how) {
            outcomes.add(id() + " " + how);
        }
    }

    private void send(String... ids) {
        for (String id : ids) {
            sends.add(new Noted(id), 0, 1);
        }
    }

    @Test
    void confirmsEndWhatTheyName() {
        send("a", "b", "c", "d");
        sends.confirmed(2, false);
        sends.confirmed(3, true);
        sends.confirmed(3, true);
        assertThat(outcomes).containsExactly("b confirmed", "a confirmed", "c confirmed");
        assertThat(sends.isEmpty()).isFalse();
        sends.unknown(4, false, error);
        assertThat(outcomes).endsWith("d unknown NOT_FOUND");
        assertThat(sends.isEmpty()).isTrue();
    }

    @Test
    void aReturnedMessageIsRejectedByItsConfirm() {
        send("a", "twice", "twice");
        sends.returned("twice", error);
        sends.returned("another", error);
        sends.returned(null, error);
        assertThat(outcomes).isEmpty();
        sends.confirmed(3, true);
        assertThat(outcomes).containsExactly("a confirmed", "twice rejected NOT_FOUND", "twice confirmed");
    }

    @Test
    void theOldestCountInACrowdAndExpireFirst() {
        assertThat(sends.add(new Noted("a"), 10, 2)).isZero();
        assertThat(sends.add(new Noted("b"), 15, 2)).isEqualTo(5);
        sends.expire(19, 10, () -> error);
        assertThat(outcomes).isEmpty();
        sends.expire(20, 10, () -> error);
        assertThat(outcomes).containsExactly("a unknown NOT_FOUND");
        assertThat(sends.add(new Noted("c"), 30, 3)).isZero();
    }

    /** What hears of the first failure may send; by then it must be known which other keys have failed. */
    @Test
    void allFailuresAreAnnouncedBeforeTheFirstIsReported() {
        for (String id : List.of("a", "b", "c", "d", "e", "f")) {
            sends.add(
                    new Noted(id) {
                        @Override
                        public void failing() {
                            outcomes.add(id() + " fails");
                        }
                    },
                    id.compareTo("d"),
                    10);
        }
        sends.unknown(2, true, error);
        assertThat(outcomes).containsExactly("a fails", "b fails", "a unknown NOT_FOUND", "b unknown NOT_FOUND");
        outcomes.clear();
        sends.expire(10, 10, () -> error);
        assertThat(outcomes).containsExactly("c fails", "d fails", "c unknown NOT_FOUND", "d unknown NOT_FOUND");
        outcomes.clear();
        assertThat(sends.removeAll()).hasSize(2);
        assertThat(outcomes).containsExactly("e fails", "f fails");
    }

    @Test
    void whatIsLeftIsTheCallers() {
        send("a", "b", "c");
        sends.confirmed(2, false);
        assertThat(sends.removeAll()).extracting(OutboundMessage::id).containsExactly("a", "c");
        assertThat(sends.isEmpty()).isTrue();
        assertThat(sends.removeAll()).isEmpty();
        assertThat(outcomes).containsExactly("b confirmed");
    }
}
