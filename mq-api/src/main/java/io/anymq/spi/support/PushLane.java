package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;

/**
 * One stream of a {@link PushReceiver}, with what the broker has not been told yet. For the receive thread.
 *
 * @param <M> the adapter's message
 */
@API(API.Status.EXPERIMENTAL)
public abstract class PushLane<M extends InboundMessage> {
    private final Lane token;
    private final AckWindow<M> acks;
    boolean owned = true;

    /**
     * A lane that is owned.
     *
     * @param name at the broker
     * @param many with more deliveries to acknowledge than this the broker is told at once; see {@link AckWindow}
     */
    protected PushLane(String name, int many) {
        token = new Lane(name);
        acks = new AckWindow<>(many);
    }

    /** What the engine knows it by. */
    public final Lane token() {
        return token;
    }

    /** What was handed out and is not acknowledged at the broker. */
    public final AckWindow<M> acks() {
        return acks;
    }
}
