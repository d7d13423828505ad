package io.anymq.spi.support;

import io.anymq.API;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is too long for a name, or has none, in few characters: the same for the same bytes in every process. */
@API(API.Status.EXPERIMENTAL)
public final class Fingerprint {
    private Fingerprint() {}

    /**
     * The beginning of the SHA-256 of all parts, one after the other, in hexadecimal digits.
     *
     * @param bytes how much of it, from 1 to 32; has two digits for each
     */
    public static String of(int bytes, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime does not support SHA-256", e);
        }
    }
}
