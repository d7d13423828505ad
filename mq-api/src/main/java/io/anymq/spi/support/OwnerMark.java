package io.anymq.spi.support;

import io.anymq.API;

/**
 * What an owner of a partition leaves beside its committed offset, for the next one. Immutable.
 *
 * @param offset the offset it belongs to
 * @param open whether somebody works on it, or died while doing so; else what was in flight was finished or handed back
 * @param tries how often the record at the offset was begun by an owner that then died, or is beginning it now
 * @param done what is done already behind the offset, so that it need not be handled again
 */
@API(API.Status.EXPERIMENTAL)
public record OwnerMark(long offset, boolean open, int tries, OffsetRanges done) {
    /** Kafka's brokers take 4,096 characters by default; this leaves room for the rest and for longer offsets. */
    private static final int ROOM_FOR_DONE = 3_000;

    private static final String OPEN = "anymq:open";
    private static final String CLEAN = "anymq:clean";
    private static final String TRY = "anymq:try=";
    private static final String DONE = ";done=";

    /** Without the offset, at most some 3,050 characters; what is done far behind it is left out when it does not fit. */
    public String text() {
        String text = tries > 0 ? TRY + tries : open ? OPEN : CLEAN;
        return done.isEmpty() ? text : text + DONE + done.format(offset, ROOM_FOR_DONE);
    }

    /** What was left at {@code offset}. What others wrote says that nothing is known, which counts as a clean end. */
    public static OwnerMark of(long offset, String text) {
        int separator = text.indexOf(DONE);
        String state = separator < 0 ? text : text.substring(0, separator);
        int tries = state.startsWith(TRY) ? number(state.substring(TRY.length())) : 0;
        boolean known = tries > 0 || state.equals(OPEN) || state.equals(CLEAN);
        return new OwnerMark(
                offset,
                tries > 0 || state.equals(OPEN),
                tries,
                known && separator >= 0
                        ? OffsetRanges.parse(text.substring(separator + DONE.length()), offset)
                        : new OffsetRanges());
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
