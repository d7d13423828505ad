package io.anymq.spi.support;

import io.anymq.spi.Lane;

/** A record of a {@link TestPartition}. */
final class TestRecord extends LogMessage {
    final TestPartition partition;

    TestRecord(TestPartition partition, long offset, long number) {
        super(offset, number);
        this.partition = partition;
    }

    @Override
    protected void decode() {
        key("k");
    }

    @Override
    protected String derivedId() {
        return partition.lane().name() + "@" + offset();
    }

    @Override
    public byte[] body() {
        return EMPTY;
    }

    @Override
    public Lane lane() {
        return partition.lane();
    }

    @Override
    public String toString() {
        return id();
    }
}
