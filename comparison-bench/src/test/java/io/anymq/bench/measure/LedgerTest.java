package io.anymq.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.result.RunResult.Messages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A ledger that overlooks a flaw would vouch for wrong figures, so each kind of flaw is planted at seeded places. */
class LedgerTest {
    private static final int KEYS = 7;
    private static final int MESSAGES = 500;

    private record Sent(int key, long sequence) {}

    private final Ledger ledger = new Ledger(KEYS, true);

    private List<Sent> send(SplittableRandom random) {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            Sent message = new Sent(random.nextInt(KEYS), ledger.send());
            ledger.confirmed(message.sequence());
            sent.add(message);
        }
        return sent;
    }

    private void deliver(List<Sent> messages) {
        for (Sent message : messages) {
            assertThat(ledger.begin(message.key(), message.sequence())).isTrue();
            ledger.end(message.key());
        }
    }

    @Test
    void whatArrivesAsSentIsFine() {
        deliver(send(new SplittableRandom(1)));

        Messages balance = ledger.balance();
        assertThat(balance.violation()).isNull();
        assertThat(balance.received()).isEqualTo(MESSAGES);
        assertThat(balance.confirmed()).isEqualTo(MESSAGES);
    }

    @RepeatedTest(20)
    void droppedMessageIsFound(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        List<Sent> messages = send(random);
        messages.remove(random.nextInt(MESSAGES));
        deliver(messages);

        assertThat(ledger.balance().violation()).isEqualTo("1 lost");
    }

    @RepeatedTest(20)
    void repeatedMessageIsFound(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        List<Sent> messages = send(random);
        messages.add(random.nextInt(MESSAGES), messages.get(random.nextInt(MESSAGES)));
        deliver(messages);

        // A copy that comes before the original counts as the original that came too early.
        assertThat(ledger.balance().violation()).startsWith("1 duplicate");
    }

    @RepeatedTest(20)
    void swapWithinAKeyIsFound(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        List<Sent> messages = send(random);
        int first = random.nextInt(MESSAGES / 2);
        int second = first + 1;
        while (messages.get(second).key() != messages.get(first).key()) {
            second++;
        }
        Collections.swap(messages, first, second);
        deliver(messages);

        assertThat(ledger.balance().violation()).isEqualTo("1 out of order");
    }

    @Test
    void differentKeysMayOvertakeEachOther() {
        long first = ledger.send();
        long second = ledger.send();
        deliver(List.of(new Sent(1, second), new Sent(0, first)));

        assertThat(ledger.balance().orderBreaks()).isZero();
    }

    @Test
    void twoHandlersOfOneKeyAtOnceAreFound() {
        long first = ledger.send();
        long second = ledger.send();
        ledger.begin(3, first);
        ledger.begin(3, second);
        ledger.end(3);
        ledger.end(3);

        assertThat(ledger.balance().orderBreaks()).isEqualTo(1);
    }

    @Test
    void whatWasNeverSentIsFound() {
        ledger.send();

        assertThat(ledger.begin(0, 5)).isFalse();
        assertThat(ledger.begin(KEYS, 0)).isFalse();
        assertThat(ledger.balance().foreign()).isEqualTo(2);
        assertThat(ledger.balance().violation()).isEqualTo("2 foreign or damaged");
    }

    @Test
    void unconfirmedMessageIsNotLost() {
        ledger.send();
        ledger.failed();

        assertThat(ledger.balance().lost()).isZero();
        assertThat(ledger.balance().sendFailures()).isEqualTo(1);
    }
}
