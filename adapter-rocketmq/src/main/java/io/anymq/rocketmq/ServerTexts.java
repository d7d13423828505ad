package io.anymq.rocketmq;

import java.util.regex.Pattern;

/**
 * Texts that a RocketMQ 5 broker writes into the remark of an answer whose code alone is ambiguous. A server that words
 * them otherwise gets a more general error; {@code ServerTextsTest} holds a remark of a real server for each.
 */
enum ServerTexts {
    /** {@code timerWheelEnable} is off. Sent before anything is stored. */
    TIMER_OFF("accurate timer message is not enabled"),
    /** Too many messages are due in the same second. Sent before anything is stored. */
    TIMER_FULL("timer message is under flow"),
    /** Due later than {@code timerMaxDelaySec} allows. */
    TIMER_TOO_LATE("timer message illegal"),
    /** The log needs another file, and the broker could make none. Sent before anything is stored. */
    NO_FILE("create mapped file failed"),
    /** The JVM's words for a page of a mapped file that has no place on the disk. */
    NO_PAGE("unsafe memory access operation"),
    /** A known user without the permission. */
    NO_PERMISSION("has no permission to"),
    /** One code stands for all refusals of access control; these say that the user is not known at all. */
    UNKNOWN_USER("signature|User:|username|accessKey");

    private final Pattern text;

    ServerTexts(String text) {
        this.text = Pattern.compile(text);
    }

    boolean isIn(Throwable failure) {
        return text.matcher(String.valueOf(failure.getMessage())).find();
    }
}
