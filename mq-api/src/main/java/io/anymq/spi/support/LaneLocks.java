package io.anymq.spi.support;

import io.anymq.API;
import org.jspecify.annotations.Nullable;

/**
 * Locks by which the receivers of a source share its lanes; see {@link SharedLogReceiver}. A lock must outlive a pause
 * of its owner's threads, and must be freed soon after its owner has died.
 */
@API(API.Status.EXPERIMENTAL)
public interface LaneLocks {
    /** A lock that is held until it is closed. */
    interface Held extends AutoCloseable {
        /** Lets others have it. Throws nothing. */
        @Override
        void close();
    }

    /**
     * Takes a lock without waiting; null while another receiver has it, of this process or of any other.
     *
     * @param name {@code lane-0}, {@code seat-0} and so on
     * @throws io.anymq.MessagingException if it is not known whether the lock is free
     */
    @Nullable
    Held tryLock(String name);

    /**
     * Whether any receiver has a lock. Looking must not make others believe that it is taken.
     *
     * @throws io.anymq.MessagingException if it is not known
     */
    boolean isLocked(String name);
}
