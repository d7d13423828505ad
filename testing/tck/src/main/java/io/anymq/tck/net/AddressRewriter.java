package io.anymq.tck.net;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts one address instead of another of the same length, which leaves every length field of the protocol true. What
 * might be the first part of the address is held back until more comes; an address at the very end of an answer is
 * complete, so nothing waits for long.
 *
 * <pre>{@code
 * nameServerProxy.rewriting(Direction.TO_CLIENT, () -> new AddressRewriter("127.0.0.1:10911", brokerProxy.address()));
 * }</pre>
 */
public final class AddressRewriter implements Rewriter {
    private final byte[] from;
    private final byte[] to;
    private byte[] held = new byte[0];

    /**
     * For one connection.
     *
     * @throws IllegalArgumentException if the two differ in length
     */
    public AddressRewriter(String from, String to) {
        this.from = from.getBytes(StandardCharsets.US_ASCII);
        this.to = to.getBytes(StandardCharsets.US_ASCII);
        if (this.from.length != this.to.length || this.from.length == 0) {
            throw new IllegalArgumentException(
                    "'" + to + "' cannot take the place of '" + from + "': they must be of the same length");
        }
    }

    @Override
    public byte[] rewrite(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream(all.length);
        int next = 0;
        while (next < all.length) {
            int matching = matching(all, next);
            if (matching == from.length) {
                out.writeBytes(to);
                next += from.length;
            } else if (next + matching == all.length) {
                break;
            } else {
                out.write(all[next++]);
            }
        }
        held = Arrays.copyOfRange(all, next, all.length);
        return out.toByteArray();
    }

    /** The number of bytes at this place that match. */
    private int matching(byte[] all, int at) {
        int count = 0;
        while (count < from.length && at + count < all.length && all[at + count] == from[count]) {
            count++;
        }
        return count;
    }

    @Override
    public byte[] rest() {
        return held;
    }
}
