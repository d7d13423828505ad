package io.anymq.internal.receive.policy;

import io.anymq.Source;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.Map;

/**
 * What a copy that waits at the broker for its retry knows of the attempts at the copies before it. It counts for this
 * message and this source only: another program that copies all headers of a message into one of its own spends none.
 *
 * @param count how many there were; 0 where it does not count
 * @param firstAtMillis when the first began, milliseconds since 1970; 0 if there was none or it is not known
 */
record EarlierAttempts(int count, long firstAtMillis) {
    private static final EarlierAttempts NONE = new EarlierAttempts(0, 0);
    private static final int MOST = 1_000_000;

    /** No output of a message has this number. */
    private static final int NOT_AN_OUTPUT = -1;

    /** Those that {@link #write} has noted on it. */
    static EarlierAttempts of(InboundMessage message, Source source) {
        Map<String, String> headers = message.headers();
        int count = (int) Math.min(MOST, Task.headerNumber(headers, WireHeaders.ATTEMPTS));
        if (count == 0 || !mark(source, message.id()).equals(headers.get(WireHeaders.ATTEMPTS_OF))) {
            return NONE;
        }
        long stated = Task.headerNumber(headers, WireHeaders.FIRST_ATTEMPT_AT);
        return new EarlierAttempts(count, stated == 0 ? 0 : Math.max(stated, message.sentAtMillis()));
    }

    /** Notes the attempts at {@code task} on the copy with these headers. */
    static void write(Map<String, String> headers, Task task) {
        headers.put(WireHeaders.ATTEMPTS, Integer.toString(task.attempt));
        headers.put(WireHeaders.FIRST_ATTEMPT_AT, Long.toString(task.firstAttemptAtMillis));
        headers.put(WireHeaders.ATTEMPTS_OF, mark(task.source(), task.id()));
    }

    private static String mark(Source source, String id) {
        return OutputIds.of(source, id, NOT_AN_OUTPUT);
    }
}
