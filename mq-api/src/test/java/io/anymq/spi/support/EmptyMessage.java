package io.anymq.spi.support;

import io.anymq.spi.Lane;

/** A message without content, handed out for the first time; tests override what they look at. */
public class EmptyMessage extends LazyMessage {
    private final Lane lane;
    private final String derivedId;

    public EmptyMessage(Lane lane, String derivedId) {
        this.lane = lane;
        this.derivedId = derivedId;
    }

    @Override
    protected void decode() {}

    @Override
    protected String derivedId() {
        return derivedId;
    }

    @Override
    public byte[] body() {
        return EMPTY;
    }

    @Override
    public int deliveryCount() {
        return 1;
    }

    @Override
    public Lane lane() {
        return lane;
    }
}
