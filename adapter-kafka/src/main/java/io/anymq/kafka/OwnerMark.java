package io.anymq.kafka;

/**
 * What an owner of a partition leaves in the metadata of its committed offset, for the next one: whether it gave the
 * partition up in good order, and how often the record at that offset was begun by an owner that then died.
 */
final class OwnerMark {
    /** Somebody works on it, or died while doing so. */
    static final String OPEN = "anymq:open";

    /** Nobody works on it; what was in flight was finished or handed back. */
    static final String CLEAN = "anymq:clean";

    private static final String TRY = "anymq:try=";

    private OwnerMark() {}

    /** The record at the offset was begun {@code count} times, and everything below it is done. */
    static String trying(int count) {
        return TRY + count;
    }

    /** Whether the last owner may have died with records in flight. What other programs write says nothing of the kind. */
    static boolean unclean(String metadata) {
        return metadata.equals(OPEN) || tries(metadata) > 0;
    }

    /** How often the record at the offset was begun and not finished; 0 where that is not known. */
    static int tries(String metadata) {
        if (!metadata.startsWith(TRY)) {
            return 0;
        }
        try {
            return Math.max(0, Integer.parseInt(metadata.substring(TRY.length())));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
