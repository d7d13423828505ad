package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.List;

/**
 * Looks at what a queue or a subscription holds, without taking anything: no attempt is spent, no consumer is
 * disturbed, no order changes, and looking is never the reason that a message goes, however often it happens. Mandatory
 * where {@link Capability#BROWSE} is not UNSUPPORTED.
 *
 * <p>It shows each message that was stored and not settled when it was opened, once, in lane order; those that came
 * later, those that wait for their time, and those that receivers hold may be left out. Settled messages are not shown,
 * also where the broker keeps them. It holds no more than one page in memory.
 *
 * <p><b>Single-threaded</b>; may be closed by another thread than the one that opened it.
 */
@API(API.Status.EVOLVING)
public interface BrokerBrowser {
    /**
     * The next messages, at most {@code max}; empty only at the end, which comes even while messages keep arriving.
     * Blocks at most the operation time-out. The messages are for reading: {@link InboundMessage#attempts} is not
     * called, and they are not acknowledged.
     *
     * @throws MessagingException as {@link BrokerReceiver#receive}; this browser is of no use any more
     */
    List<? extends InboundMessage> next(int max);

    /** Releases its resources within {@code timeout}, or by force. Idempotent; throws nothing. */
    void close(Duration timeout);
}
