package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.util.Objects;

/**
 * Why an adapter cannot decode a stored message, and how the broker stores it: a body that claims to be compressed and is
 * not, or one that needs a library which is missing.
 *
 * @param storedAs the type and flags that the broker stores with the bytes, as short printable ASCII of the adapter's
 *     own making, never empty. It is kept in the dead letter ({@link WireHeaders#DEAD_STORED_AS}), and a redrive gives it
 *     to the adapter's sender as {@link WireMessage#storedAs()}
 * @param cause what is wrong with the message, without its content
 */
@API(API.Status.EVOLVING)
public record Undecodable(String storedAs, MessagingException cause) {
    /** Refuses null and an empty {@code storedAs}. */
    public Undecodable {
        if (storedAs.isEmpty()) {
            throw new IllegalArgumentException("storedAs must not be empty");
        }
        Objects.requireNonNull(cause, "cause");
    }
}
