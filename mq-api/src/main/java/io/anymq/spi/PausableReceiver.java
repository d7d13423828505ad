package io.anymq.spi;

import io.anymq.API;

/**
 * A receiver whose lanes can be paused one by one. Mandatory for receivers of {@link Address.Redelivery} where {@link
 * Capability#DELAY} is EMULATED; recommended for sources with per-key order. The engine never calls these methods for
 * other addresses.
 *
 * <p>A redelivery lane holds messages that become due one after another. The engine pauses a lane as soon as its next
 * message is not due yet, keeps its received messages, and resumes the lane when they are passed to a handler.
 *
 * <p>A lane of a source with per-key order is paused while too many of its messages are blocked behind a retry of their
 * key. Where a receiver cannot do that, the engine receives nothing at all meanwhile, so that other lanes wait as well.
 *
 * <p>Single-threaded, as {@link BrokerReceiver}. Both methods return at once and throw nothing.
 */
@API(API.Status.EVOLVING)
public interface PausableReceiver extends BrokerReceiver {
    /**
     * Stops handing out messages of this lane until {@link #resume(Lane)}, without giving it up: its messages can still
     * be acknowledged, and it can be revoked. A new lane is not paused. A lane no longer owned is ignored.
     */
    void pause(Lane lane);

    /** Takes back {@link #pause(Lane)}. A lane that is not paused or no longer owned is ignored. */
    void resume(Lane lane);
}
