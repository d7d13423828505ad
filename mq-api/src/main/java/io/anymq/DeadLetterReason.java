package io.anymq;

/** Why a message was given up. Its name is the value of the dead letter's {@code mq-dead-reason} header. */
@API(API.Status.STABLE)
public enum DeadLetterReason {
    /** All attempts of the retry policy failed. */
    MAX_ATTEMPTS,
    /** The retry policy's total time is over, or the time to live that its sender gave the message. */
    EXPIRED,
    /** The exception is one that trying again does not cure. */
    PERMANENT,
    /** The body could not be decoded. */
    UNDECODABLE,
    /** An earlier message of its key was given up, and the policy parks the key. */
    KEY_PARKED,
    /** Its id was seen before with another body. */
    ID_CONFLICT
}
