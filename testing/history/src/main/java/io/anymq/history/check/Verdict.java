package io.anymq.history.check;

/** The verdict of a check. */
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
