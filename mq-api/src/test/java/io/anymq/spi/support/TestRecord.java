package io.anymq.spi.support;

/** A record of a {@link TestPartition}. */
final class TestRecord extends LogMessage {
    TestRecord(TestPartition partition, long offset) {
        super(partition, offset);
    }

    @Override
    protected void decode() {
        key("k");
    }

    @Override
    public byte[] body() {
        return EMPTY;
    }

    @Override
    public String toString() {
        return id();
    }
}
