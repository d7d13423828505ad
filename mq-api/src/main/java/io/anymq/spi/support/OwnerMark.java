package io.anymq.spi.support;

import io.anymq.API;

/**
 * The mark that an owner of a partition leaves for the next one beside its committed offset. Immutable.
 *
 * @param offset the offset it belongs to
 * @param open whether its owner works on it or died while doing so; otherwise all records in flight were finished or
 *     handed back
 * @param tries how often the record at the offset was begun by an owner that then died, or is beginning it now
 * @param done records already done behind the offset, which need not be handled again
 */
@API(API.Status.EXPERIMENTAL)
public record OwnerMark(long offset, boolean open, int tries, OffsetRanges done) {
    /** Kafka's brokers take 4,096 characters by default; this leaves room for the rest and for longer offsets. */
    private static final int ROOM_FOR_DONE = 3_000;

    /** More ranges than there is room for: each needs at least "1+1,". */
    static final int MOST_RANGES = ROOM_FOR_DONE / 4 + 1;

    /** For 100 ranges far from the offset: "1234567+12,". */
    private static final int ROOM_FOR_MORE = 1_200;

    private static final String OPEN = "anymq:open";
    private static final String CLEAN = "anymq:clean";
    private static final String TRY = "anymq:try=";
    private static final String DONE = ";done=";

    /** Without the offset, at most some 3,050 characters; records done far behind it are omitted if they do not fit. */
    public String text() {
        String text = tries > 0 ? TRY + tries : open ? OPEN : CLEAN;
        return done.isEmpty() ? text : text + DONE + done.format(offset, ROOM_FOR_DONE);
    }

    /**
     * The mark left at {@code offset}. Text by other writers means that nothing is known, which counts as a clean end.
     */
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

    /** Whether 100 more ranges would be remembered as well. */
    static boolean hasRoomForMore(OffsetRanges done, long offset) {
        return done.format(offset, Integer.MAX_VALUE).length() <= ROOM_FOR_DONE - ROOM_FOR_MORE;
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
