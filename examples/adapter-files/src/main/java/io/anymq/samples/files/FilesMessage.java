package io.anymq.samples.files;

import io.anymq.spi.support.LogMessage;

/** A message of a lane, at its offset. */
final class FilesMessage extends LogMessage {
    private final StoredMessage stored;

    FilesMessage(FilesLane owner, long offset, int deliveryCount, StoredMessage stored) {
        super(owner, offset, deliveryCount);
        this.stored = stored;
    }

    @Override
    protected void decode() {
        stored.headers().forEach(this::header);
    }

    @Override
    public byte[] body() {
        return stored.body();
    }
}
