package io.anymq.history.check;

/** What a check has come to. */
public enum Verdict {
    /** There was something to check, and it held. */
    PASSED,
    /** It did not hold. */
    VIOLATED,
    /** Nothing in the history could have violated it, so it says nothing. */
    VACUOUS,
    /** The expectations leave it out. */
    LEFT_OUT
}
