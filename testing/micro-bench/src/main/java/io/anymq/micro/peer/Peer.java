package io.anymq.micro.peer;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One way to pass messages within a JVM. Opened once, used by one sending thread, closed once. */
public interface Peer {
    /**
     * Gets everything ready; {@code handler} is called with each body, on other threads than the sender's.
     *
     * @throws Exception when the peer cannot be had
     */
    void open(Consumer<byte[]> handler) throws Exception;

    /**
     * Sends one body, which must not be changed afterwards.
     *
     * @return the confirm, or null where the peer gives none
     * @throws Exception when it was not taken
     */
    @Nullable
    CompletableFuture<?> send(String key, byte[] body) throws Exception;

    /**
     * Ends all threads.
     *
     * @throws Exception when messages that were handled are not settled, or closing fails
     */
    void close() throws Exception;
}
