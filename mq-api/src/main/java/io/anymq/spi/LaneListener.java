package io.anymq.spi;

import io.anymq.API;
import java.util.Collection;

/**
 * Told when the broker takes lanes away. Called by the adapter on the receiver's thread, from within {@link
 * BrokerReceiver#receive}.
 */
@API(API.Status.EVOLVING)
public interface LaneListener {
    /**
     * The lanes will belong to somebody else when this returns. The engine starts no more of their messages, waits for
     * running handlers within {@link ReceiverOptions#drainTimeout()}, and calls {@link BrokerReceiver#acknowledge} (from
     * within this call, on this thread) for what is done. Then the adapter makes these acknowledgements durable and
     * forgets the lanes.
     */
    void lanesRevoked(Collection<Lane> lanes);

    /** The lanes belong to somebody else already: the engine drops what it has of them and settles nothing. */
    void lanesLost(Collection<Lane> lanes);
}
