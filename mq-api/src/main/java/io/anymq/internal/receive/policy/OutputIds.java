package io.anymq.internal.receive.policy;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.spi.support.EscapedUtf8;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of outputs that have none of their own. */
public final class OutputIds {
    private static final int BYTES = 16;

    private OutputIds() {}

    /**
     * The id of the output with this number: the same for every attempt at one input, so that the next consumer can
     * recognize a repetition, and another one for every other input, source and number. Each part is preceded by its
     * length, or two sources could be told apart by nothing.
     */
    public static String of(Source source, String inputId, int number) {
        MessageDigest digest = sha256();
        add(digest, source instanceof Queue ? "queue" : "subscription");
        add(digest, source.path());
        add(digest, inputId);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = EscapedUtf8.encode(part);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
