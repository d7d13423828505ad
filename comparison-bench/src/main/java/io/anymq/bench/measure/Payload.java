package io.anymq.bench.measure;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The body of a benchmark message: run, key, sequence and intended send time, then filler of which half is
 * random, so that a compressing broker gains no more than it would on real data. A mark made from the sequence ends it: a
 * body that was cut, mixed up or changed is noticed.
 */
public final class Payload {
    /** Smallest size of a body. */
    public static final int HEADER_BYTES = 36;

    private static final int RUN = 0;
    private static final int KEY = 8;
    private static final int SEQUENCE = 12;
    private static final int INTENDED = 20;

    private final long run;
    private final byte[] template;

    /** A template for one run. */
    public Payload(long run, int size, long seed) {
        if (size < HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "the body size must be at least " + HEADER_BYTES + " bytes, but was " + size);
        }
        this.run = run;
        template = new byte[size];
        byte[] random = new byte[(size - HEADER_BYTES) / 2];
        new SplittableRandom(seed).nextBytes(random);
        System.arraycopy(random, 0, template, HEADER_BYTES - 8, random.length);
        ByteBuffer.wrap(template).putLong(RUN, run);
    }

    /** The body of one message. */
    public byte[] create(int key, long sequence, long intendedNanos) {
        byte[] body = template.clone();
        ByteBuffer.wrap(body)
                .putInt(KEY, key)
                .putLong(SEQUENCE, sequence)
                .putLong(INTENDED, intendedNanos)
                .putLong(body.length - 8, mark(sequence));
        return body;
    }

    /** Whether these bytes are a body of this run, whole and unchanged. */
    public boolean isOurs(byte[] body) {
        int end = template.length - 8;
        return body.length == template.length
                && ByteBuffer.wrap(body).getLong(RUN) == run
                && ByteBuffer.wrap(body).getLong(end) == mark(sequence(body))
                && Arrays.equals(body, HEADER_BYTES - 8, end, template, HEADER_BYTES - 8, end);
    }

    /** Its key's number. */
    public static int key(byte[] body) {
        return ByteBuffer.wrap(body).getInt(KEY);
    }

    /** Its place among the run's messages, from 0. */
    public static long sequence(byte[] body) {
        return ByteBuffer.wrap(body).getLong(SEQUENCE);
    }

    /** When it was to be sent, by {@link System#nanoTime()}. */
    public static long intendedNanos(byte[] body) {
        return ByteBuffer.wrap(body).getLong(INTENDED);
    }

    private static long mark(long sequence) {
        return sequence * 0x9E3779B97F4A7C15L + 1;
    }
}
