package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Undecodable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body that is decoded at the first look, which is on the handler's side. Whatever goes wrong then concerns this message
 * alone: it keeps its stored bytes and says why. Read by one thread at a time, as a message.
 *
 * <pre>{@code
 * private final LazyBody body = new LazyBody(
 *         record.bytes(), "deflate", stored -> LazyBody.read(new InflaterInputStream(stored), largestBody));
 *
 * public byte[] body() {
 *     return body.bytes();
 * }
 *
 * public Undecodable undecodable() {
 *     return body.undecodable();
 * }
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class LazyBody {
    /** Makes the body of the stored bytes. May throw anything. */
    @FunctionalInterface
    public interface Decoder {
        /** The body. */
        byte[] decode(byte[] stored) throws Exception;
    }

    private final String storedAs;
    private byte[] bytes;
    private @Nullable Decoder decoder;
    private @Nullable Undecodable undecodable;

    /** {@code storedAs} as for {@link Undecodable#storedAs()}. */
    public LazyBody(byte[] stored, String storedAs, Decoder decoder) {
        this.bytes = stored;
        this.storedAs = storedAs;
        this.decoder = decoder;
    }

    /** The body, or the stored bytes if it cannot be decoded. */
    public byte[] bytes() {
        decodeOnce();
        return bytes;
    }

    /** Why it cannot be decoded, or null. */
    public @Nullable Undecodable undecodable() {
        decodeOnce();
        return undecodable;
    }

    private void decodeOnce() {
        Decoder once = decoder;
        if (once == null) {
            return;
        }
        decoder = null;
        try {
            bytes = once.decode(bytes);
        } catch (Throwable e) {
            // also an Error: a library may be missing, and a broken message may overflow a stack
            undecodable = new Undecodable(
                    storedAs,
                    new MessagingException(
                            ErrorCode.DECODING,
                            "the stored message (" + storedAs + ") cannot be decoded: " + VendorErrors.text(e),
                            false,
                            e));
        }
    }

    /**
     * All that a decoder's stream gives, closed afterwards. Memory grows with what was read, never with what the message
     * claims.
     *
     * @param limit the largest body, in bytes
     * @throws IOException if there is more than {@code limit}, or the stream fails
     */
    public static byte[] read(InputStream decoded, int limit) throws IOException {
        try (decoded) {
            byte[] body = decoded.readNBytes(limit);
            if (decoded.read() >= 0) {
                throw new IOException("the decoded body must not exceed " + limit + " bytes");
            }
            return body;
        }
    }
}
