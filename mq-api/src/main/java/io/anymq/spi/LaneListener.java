package io.anymq.spi;

import io.anymq.API;
import java.util.Collection;

/**
 * Told when the broker takes lanes away. Implemented by the engine; called by the adapter on the receiver's thread,
 * from within {@link BrokerReceiver#receive}, and not from {@link BrokerReceiver#close}.
 */
@API(API.Status.EVOLVING)
public interface LaneListener {
    /**
     * The lanes will belong to another receiver soon after this returns. The engine starts no more of their messages,
     * waits for running handlers, and calls {@link BrokerReceiver#acknowledge} (from within this call, on this thread)
     * for what is done. Then the adapter makes these acknowledgements durable, makes the other messages of the lanes
     * available again at their old place, and forgets the lanes.
     *
     * <p>This may block the receiver's thread for {@link ReceiverOptions#drainTimeout()}, 30 s by default. An adapter
     * that holds lanes by a lease or a heartbeat must renew it from a thread of its own meanwhile; otherwise the other
     * receiver takes a lane over while its last handler still runs.
     *
     * @throws io.anymq.MessagingException the exception of {@code acknowledge}: give the lanes up nevertheless
     */
    void lanesRevoked(Collection<Lane> lanes);

    /**
     * The lanes belong to another receiver already: the engine drops their messages and settles nothing. Returns at
     * once and throws nothing.
     */
    void lanesLost(Collection<Lane> lanes);
}
