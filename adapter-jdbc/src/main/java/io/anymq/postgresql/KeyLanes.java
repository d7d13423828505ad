package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The lane of a key, the same as by the schema's function {@code mq_lane_of}. Not thread-safe: one for each sender. */
final class KeyLanes {
    private final MessageDigest digest;
    private int next;

    KeyLanes() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime does not support SHA-256", e);
        }
    }

    /** {@code key} as it is stored; null takes the lanes in turn. */
    int of(@Nullable String key, int lanes) {
        if (lanes == 1) {
            return 0;
        }
        if (key == null) {
            next = (next + 1) % lanes;
            return next;
        }
        byte[] hash = digest.digest(key.getBytes(UTF_8));
        int number = (hash[0] & 0xFF) << 16 | (hash[1] & 0xFF) << 8 | (hash[2] & 0xFF);
        return number % lanes;
    }
}
