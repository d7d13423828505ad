package io.anymq.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What an owner of a partition leaves in the metadata of its committed offset, for the next one. Immutable.
 *
 * @param open whether somebody works on it, or died while doing so; else what was in flight was finished or handed back
 * @param tries how often the record at the offset was begun by an owner that then died, or is beginning it now
 * @param done what is done already behind the offset, so that it need not be handled again
 */
record OwnerMark(boolean open, int tries, OffsetRanges done) {
    /** Brokers take 4,096 characters by default; this leaves room for the rest and for longer relative offsets. */
    private static final int ROOM_FOR_DONE = 3_000;

    private static final String OPEN = "anymq:open";
    private static final String CLEAN = "anymq:clean";
    private static final String TRY = "anymq:try=";
    private static final String DONE = ";done=";

    /** To commit at {@code offset}. */
    OffsetAndMetadata at(long offset) {
        String text = tries > 0 ? TRY + tries : open ? OPEN : CLEAN;
        return new OffsetAndMetadata(offset, done.isEmpty() ? text : text + DONE + done.format(offset, ROOM_FOR_DONE));
    }

    /** What was left there. What other programs write says that nothing is known, which counts as a clean end. */
    static OwnerMark of(OffsetAndMetadata left) {
        String text = left.metadata();
        int separator = text.indexOf(DONE);
        String state = separator < 0 ? text : text.substring(0, separator);
        int tries = state.startsWith(TRY) ? number(state.substring(TRY.length())) : 0;
        boolean known = tries > 0 || state.equals(OPEN) || state.equals(CLEAN);
        return new OwnerMark(
                tries > 0 || state.equals(OPEN),
                tries,
                known && separator >= 0
                        ? OffsetRanges.parse(text.substring(separator + DONE.length()), left.offset())
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
