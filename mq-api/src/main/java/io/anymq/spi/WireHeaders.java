package io.anymq.spi;

import io.anymq.API;

/**
 * Names of AnyMQ's own headers. Adapters carry the first group as native properties where the vendor has them and under
 * these names where it has not, so that a plain client can read and write them; the second group travels in {@link
 * OutboundMessage#headers()} like any other header.
 */
@API(API.Status.EVOLVING)
public final class WireHeaders {
    /** The message id. */
    public static final String ID = "mq-id";

    /** The ordering key, where the vendor has no place for it. */
    public static final String KEY = "mq-key";

    /** The content type. */
    public static final String CONTENT_TYPE = "mq-content-type";

    /** When it was sent, milliseconds since 1970. */
    public static final String SENT_AT = "mq-sent-at";

    /** Not before, milliseconds since 1970. */
    public static final String DELIVER_AT = "mq-deliver-at";

    /** Attempts spent before the message was sent back to the broker for a delayed retry. */
    public static final String ATTEMPTS = "mq-attempts";

    /** Whose attempts those were: a digest of the source and the message id. Without the right one they do not count. */
    public static final String ATTEMPTS_OF = "mq-attempts-of";

    /** The first delivery's time, milliseconds since 1970, kept over delayed retries. */
    public static final String FIRST_ATTEMPT_AT = "mq-first-attempt-at";

    /** Dead letter: MAX_ATTEMPTS, EXPIRED, PERMANENT, UNDECODABLE, KEY_PARKED, ID_CONFLICT. */
    public static final String DEAD_REASON = "mq-dead-reason";

    /**
     * Dead letter: {@code queue:name} or {@code topic:name/subscription} it failed in. When a dead letter fails in the
     * dead-letter queue, this and the other dead-letter headers are kept with {@code -1} behind their names, those of
     * an earlier one with {@code -2}, and so on.
     */
    public static final String DEAD_SOURCE = "mq-dead-source";

    /** Dead letter: {@link io.anymq.policy.Ordering} of the source. */
    public static final String DEAD_ORDERING = "mq-dead-ordering";

    /** Dead letter: attempts made. */
    public static final String DEAD_ATTEMPTS = "mq-dead-attempts";

    /** Dead letter: when the first attempt began, milliseconds since 1970. */
    public static final String DEAD_FIRST_AT = "mq-dead-first-at";

    /** Dead letter: when the last attempt failed, milliseconds since 1970. */
    public static final String DEAD_LAST_AT = "mq-dead-last-at";

    /** Dead letter: class name of the last exception. */
    public static final String DEAD_EXCEPTION = "mq-dead-exception";

    /** Dead letter: class and method of the application in which the last exception was thrown. */
    public static final String DEAD_THROWN_AT = "mq-dead-thrown-at";

    /** Dead letter, only on request: message and stack trace of the last exception, at most 2 KiB. */
    public static final String DEAD_DETAILS = "mq-dead-details";

    /** Dead letter of a message that the adapter could not decode: {@link Undecodable#storedAs()}. */
    public static final String DEAD_STORED_AS = "mq-dead-stored-as";

    /** Emulated delay: how long the message stays in its redelivery lane, milliseconds. */
    public static final String LANE_STAY = "mq-lane-stay";

    /** Emulated delay: how long the message waits after it has left its lane, milliseconds. */
    public static final String LANE_LEFT = "mq-lane-left";

    /**
     * Emulated delay: when the message was sent into its lane, milliseconds since 1970 by the clock of {@link
     * #LANE_SENDER}.
     */
    public static final String LANE_SENT = "mq-lane-sent";

    /** Emulated delay: the consumer that sent the message into its lane, under a name that no other one has. */
    public static final String LANE_SENDER = "mq-lane-sender";

    /** The number of times the message came back from a dead-letter queue. */
    public static final String REDRIVES = "mq-redrives";

    /** The redrive that brought the message back: messages of one redrive have the same, those of another do not. */
    public static final String REDRIVE = "mq-redrive";

    /** The id of the dead letter of which the message is an edited copy. */
    public static final String EDITED_FROM = "mq-edited-from";

    /**
     * The time to live or the expiry that a foreign sender set, as the vendor says it, on a message that AnyMQ has
     * stored again. It is not in force any more.
     */
    public static final String EXPIRATION = "mq-expiration";

    private WireHeaders() {}
}
