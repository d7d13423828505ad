package io.anymq.internal.support;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Message ids: 80 random bits for the producer, then a counter, in 32 letters. Unique across processes without asking
 * anybody, and cheap enough for a million a second. Thread-safe.
 */
public final class IdGenerator {
    private static final byte[] LETTERS = "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final int PREFIX = 16;
    private static final int COUNTER = 10;

    private final byte[] prefix = new byte[PREFIX];
    private final AtomicLong counter = new AtomicLong();

    public IdGenerator(RandomGenerator random) {
        for (int i = 0; i < PREFIX; i++) {
            prefix[i] = LETTERS[random.nextInt(LETTERS.length)];
        }
    }

    /** A new id of 26 characters. */
    public String next() {
        byte[] id = new byte[PREFIX + COUNTER];
        System.arraycopy(prefix, 0, id, 0, PREFIX);
        long value = counter.getAndIncrement();
        for (int i = PREFIX + COUNTER - 1; i >= PREFIX; i--) {
            id[i] = LETTERS[(int) (value & 31)];
            value >>>= 5;
        }
        return new String(id, StandardCharsets.ISO_8859_1);
    }
}
