package io.anymq.history.check;

/** What becomes of a message whose attempts are used up. */
public enum GiveUp {
    /** It goes to the dead-letter queue; later ones of its key may follow it there. */
    DEAD_LETTER,
    /** It is settled and gone. */
    DISCARD,
    /** It stays at the broker, and the source stands still from then on. */
    STOP
}
