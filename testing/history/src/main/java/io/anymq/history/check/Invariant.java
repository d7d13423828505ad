package io.anymq.history.check;

/** The invariants of every history, regardless of failures. */
public enum Invariant {
    /** Every confirmed message is handled or dead-lettered in every source it was for. */
    I1("every confirmed message is handled or dead-lettered in each of its sources"),
    /** Nothing is handled that was not sent, and messages arrive with their key, headers and body. */
    I2("nothing is invented, and key, headers and body are intact"),
    /** A message whose send was rejected never appears. */
    I3("a rejected message never appears"),
    /** A message whose send ended as unknown may appear; then it is treated like any other. Every send ends, once. */
    I4("every send ends once, and an unknown message that appears is finished"),
    /**
     * Where there is an order, messages begin in the order of their sends, and none while an earlier one is not done.
     */
    I5("the messages of a key begin in the order of their sends, each after all earlier ones are done"),
    /** Where there is an order, the handler calls of a key do not overlap. */
    I6("handler calls of one key do not overlap"),
    /**
     * Attempts count 1, 2, 3 up to the maximum; none follows a dead letter, and a dead letter tells their true number.
     */
    I7("attempts are numbered up to the maximum and end with the dead letter"),
    /** No retry comes earlier than its backoff. */
    I8("no attempt begins before its backoff is over"),
    /** While one key keeps failing, the others do not wait longer than the bound. */
    I9("other keys do not wait while one key keeps failing"),
    /** No input is settled before its outputs are confirmed. */
    I10("no input is settled before its outputs are confirmed"),
    /** With an inbox, every handled message has one effect. */
    I11("with an inbox, every handled message has one effect"),
    /** The backlog becomes empty after the faults are repaired. */
    I12("the backlog becomes empty after all faults are repaired"),
    /** A consumer that closes gracefully loses nothing. */
    I13("a graceful close loses nothing"),
    /** Every subscription has its own copy, and one copy only. */
    I14("every subscription has exactly one copy of its own");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    /** The invariant in one sentence. */
    public String sentence() {
        return sentence;
    }
}
