package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Knows whether something is still open, and closes it once. Thread-safe.
 *
 * <pre>{@code
 * private final CloseOnce state = new CloseOnce("the connection to " + hosts);
 *
 * public BrokerSender openSender(Address address, SenderOptions options) {
 *     state.requireOpen();
 *     …
 * }
 *
 * public void close(Duration timeout) {
 *     state.close(timeout, deadline -> client.close(deadline.left()));
 * }
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class CloseOnce {
    private final String what;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Open; {@code what} is for errors, such as "the connection to localhost:9092". */
    public CloseOnce(String what) {
        this.what = what;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * Does nothing while it is open.
     *
     * @throws MessagingException CLOSED
     */
    public void requireOpen() {
        if (isClosed()) {
            throw new MessagingException(ErrorCode.CLOSED, what + " is closed");
        }
    }

    /**
     * Calls {@code release} the first time, without a pending interrupt: the close methods of many vendors give up at
     * once on an interrupted thread and leave their own threads running. The interrupt is pending again afterwards.
     */
    public void close(Duration timeout, Consumer<Deadline> release) {
        if (closed.getAndSet(true)) {
            return;
        }
        Uninterrupted.run(() -> release.accept(Deadline.after(timeout)));
    }
}
