package io.anymq.spi.support;

/** A partition whose records a test brings. */
final class TestPartition extends LogLane<TestRecord> {
    TestPartition(String name) {
        super(name);
    }

    /** One whose adapter counts attempts itself. */
    TestPartition(String name, long start, OffsetRanges done) {
        super(name);
        begin(start, done);
    }

    /** Takes records from the broker. */
    TestPartition arrive(long... offsets) {
        for (long offset : offsets) {
            TestRecord record = new TestRecord(this, offset);
            if (take(record)) {
                buffer().add(record);
            }
        }
        return this;
    }

    @Override
    public String toString() {
        return lane().name();
    }
}
