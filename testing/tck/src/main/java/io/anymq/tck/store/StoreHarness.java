package io.anymq.tck.store;

import io.anymq.policy.IdempotencyStore;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A store under test. {@link #name} and {@link #open} are required; a rule that needs one of the others is otherwise
 * skipped with that reason. Called by one thread at a time, except {@link #open}.
 *
 * <pre>{@code
 * final class MyHarness implements StoreHarness {
 *     public String name() {
 *         return "mystore";
 *     }
 *
 *     public IdempotencyStore open() {
 *         return new MyStore(server.url());
 *     }
 * }
 * }</pre>
 */
public interface StoreHarness extends AutoCloseable {
    /** Names the store in what is printed. */
    String name();

    /**
     * Opens the store as another process would: on the same content, sharing nothing else with the instances opened
     * before. A store that lives in one process returns the same instance each time. The harness closes what it opened.
     */
    IdempotencyStore open() throws Exception;

    /** Whether {@link #takeDown} and {@link #bringBack} work. By default they do not. */
    default boolean canBeTakenDown() {
        return false;
    }

    /** Makes the store unreachable, such as by stopping its server; returns when it is. Its content must survive. */
    default void takeDown() throws Exception {
        throw new UnsupportedOperationException(name() + " cannot be taken down");
    }

    /** Makes the store reachable again; returns when its server answers. */
    default void bringBack() throws Exception {
        throw new UnsupportedOperationException(name() + " cannot be brought back");
    }

    /** The number of entries that the store keeps, expired ones included; empty, the default, if that is not known. */
    default OptionalLong entries() throws Exception {
        return OptionalLong.empty();
    }

    /** Removes what has expired. By default does nothing: a store may also do that by itself. */
    default void purge() throws Exception {}

    /** The longest time that what must happen may take; default 20 s. */
    default Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Override
    default void close() {}
}
