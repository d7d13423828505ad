package io.anymq.history.check;

/** The treatment of a message that has exhausted its attempts. */
public enum GiveUp {
    /** It goes to the dead-letter queue; later ones of its key may follow it there. */
    DEAD_LETTER,
    /** It is settled and gone. */
    DISCARD,
    /** It stays at the broker, and the source stands still from then on. */
    STOP
}
