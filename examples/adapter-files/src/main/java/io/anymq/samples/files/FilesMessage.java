package io.anymq.samples.files;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of a lane, at its position. */
final class FilesMessage implements InboundMessage {
    final FilesLane owner;
    final long position;
    final long number;
    private final Frame frame;
    private final int triesBefore;

    FilesMessage(FilesLane owner, Journal.Entry entry, long number, int triesBefore) {
        this.owner = owner;
        this.position = entry.position();
        this.frame = entry.frame();
        this.number = number;
        this.triesBefore = triesBefore;
    }

    @Override
    public String id() {
        // whoever writes the files by other means need not think of an id; the position is the same at a redelivery
        return frame.id().isEmpty() ? owner.index + "@" + position : frame.id();
    }

    @Override
    public @Nullable String key() {
        return frame.key();
    }

    @Override
    public byte[] body() {
        return frame.body();
    }

    @Override
    public String contentType() {
        return frame.contentType();
    }

    @Override
    public Map<String, String> headers() {
        return frame.headers();
    }

    @Override
    public long sentAtMillis() {
        return frame.sentAtMillis();
    }

    @Override
    public long deliverAtMillis() {
        return frame.deliverAtMillis();
    }

    @Override
    public int deliveryCount() {
        return triesBefore + 1;
    }

    @Override
    public Lane lane() {
        return owner.token;
    }

    @Override
    public void attempts(int total) {
        owner.attempts(position, total);
    }
}
