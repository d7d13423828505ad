package io.anymq.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What an entry is looked up by: a digest of scope and key as Java has them, because a database's text knows collations,
 * padding, and characters that it cannot hold.
 */
final class EntryId {
    private final byte[] digest;

    private EntryId(byte[] digest) {
        this.digest = digest;
    }

    /** 32 bytes, not to be changed. */
    byte[] digest() {
        return digest;
    }

    static EntryId of(String scope, String key) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 2 * (scope.length() + key.length()));
        bytes.putInt(scope.length());
        bytes.asCharBuffer().put(scope).put(key);
        try {
            return new EntryId(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The text as a column can hold it, for people who look at the table. */
    static String readable(String text) {
        return readable(text, 256);
    }

    /** At most so many characters of it. */
    static String readable(String text, int most) {
        int end = Math.min(most, text.length());
        byte[] replaced = text.substring(0, end).replace('\u0000', '\uFFFD').getBytes(StandardCharsets.UTF_8);
        return new String(replaced, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryId that && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }
}
