package io.anymq.tck;

/** The extent to which a rule's history is checked after its own assertions have held; see {@link Rule#history()}. */
public enum HistoryScope {
    /**
     * Nothing is recorded: the rule wants what looks wrong in a history, or moves messages in ways it does not show.
     */
    NONE,

    /** Everything that happened was right. The rule may leave work behind. */
    SO_FAR,

    /** The same, and all that was confirmed is done with; the check waits for that. */
    TO_THE_END
}
