package io.anymq.brokers;

/**
 * The file system of one broker's data, small enough to be filled: by the broker's messages, or from outside, as by a
 * neighbour's log files. It outlives the broker's process, so a broker that died of it can be restarted on it.
 *
 * <p>Thread-safe.
 *
 * <pre>{@code
 * BrokerOptions options = BrokerOptions.defaults().withDiskBytes(64 << 20);
 * try (LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA, options)) {
 *     BrokerDisk disk = broker.disk().orElseThrow();
 *     disk.fillUpTo(1 << 20);
 *     assertSendsFail(broker.url());
 *     disk.makeRoom();
 *     assertSendsSucceed(broker.url());
 * }
 * }</pre>
 */
public interface BrokerDisk {
    /**
     * Its size.
     *
     * @return bytes
     */
    long size();

    /**
     * The free space.
     *
     * @return bytes; 0 means that the next page cannot be written
     */
    long free();

    /**
     * Lets a file grow beside the broker's own until this much is left, or ends at once if there is not more. What is
     * freed meanwhile is not noticed; call it again.
     *
     * @param left bytes that stay free, from 0; rounded to whole pages
     * @throws LocalBrokerException if it cannot be written for another reason than that it is full
     */
    void fillUpTo(long left);

    /** Removes what {@link #fillUpTo} has written, and nothing else. */
    void makeRoom();
}
