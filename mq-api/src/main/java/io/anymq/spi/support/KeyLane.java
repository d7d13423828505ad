package io.anymq.spi.support;

import io.anymq.API;

/**
 * Maps a key to one of several streams, the same in every process and version. Keys spread evenly, short and numbered
 * ones too, whatever the count.
 *
 * <pre>{@code
 * int partition = KeyLane.of(message.key(), partitions);
 * }</pre>
 *
 * <p>Changing the count moves keys, and with it the order of messages that were sent before is lost.
 */
@API(API.Status.EXPERIMENTAL)
public final class KeyLane {
    /** 2^32 divided by the golden ratio: spreads what differs in the low bits only. */
    private static final int SPREAD = 0x9E3779B9;

    private KeyLane() {}

    /**
     * The stream of a key.
     *
     * @param count how many streams there are, at least 1
     * @return from 0 to {@code count} - 1
     */
    public static int of(String key, int count) {
        int hash = key.hashCode() * SPREAD;
        return (int) (((hash & 0xFFFFFFFFL) * count) >>> 32);
    }
}
