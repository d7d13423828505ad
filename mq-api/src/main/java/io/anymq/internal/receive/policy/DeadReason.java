package io.anymq.internal.receive.policy;

/** Why a message was given up; the value of the {@code mq-dead-reason} header. */
public enum DeadReason {
    /** All attempts of the retry policy failed. */
    MAX_ATTEMPTS,
    /** The retry policy's total time is over. */
    EXPIRED,
    /** The exception is one that trying again does not cure. */
    PERMANENT,
    /** The body cannot be decoded. */
    UNDECODABLE,
    /** An earlier message of its key was given up, and the policy parks the key. */
    KEY_PARKED,
    /** Its id was seen before with another body. */
    ID_CONFLICT
}
