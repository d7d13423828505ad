package io.anymq.tck.net;

/**
 * Changes the bytes of one connection that go one way, for protocols in which the broker tells its address and cannot
 * be told to say another one. Called by one thread.
 */
public interface Rewriter {
    /** Leaves everything as it is. */
    Rewriter NONE = bytes -> bytes;

    /**
     * Takes the next bytes and returns those that may pass; it may hold back a partial match.
     *
     * @param bytes any number of them, cut anywhere
     */
    byte[] rewrite(byte[] bytes);

    /** The bytes still held back when the stream ends. */
    default byte[] rest() {
        return new byte[0];
    }
}
