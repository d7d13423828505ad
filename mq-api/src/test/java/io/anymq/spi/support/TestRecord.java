package io.anymq.spi.support;

import io.anymq.spi.Lane;
import java.util.Map;
import java.util.Optional;

/** A record of a {@link TestPartition}. */
final class TestRecord extends LogMessage {
    final TestPartition partition;

    TestRecord(TestPartition partition, long offset, long number) {
        super(offset, number);
        this.partition = partition;
    }

    @Override
    public String id() {
        return partition.lane().name() + "@" + offset();
    }

    @Override
    public String key() {
        return "k";
    }

    @Override
    public byte[] body() {
        return new byte[0];
    }

    @Override
    public String contentType() {
        return "";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public long sentAtMillis() {
        return 0;
    }

    @Override
    public long deliverAtMillis() {
        return 0;
    }

    @Override
    public Lane lane() {
        return partition.lane();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return id();
    }
}
