package io.anymq.spi.support;

/** A partition whose records a test brings. */
final class TestPartition extends LogLane<TestRecord> {
    TestPartition(String name) {
        super(name);
    }

    /** Takes records from the broker. */
    TestPartition arrive(long... offsets) {
        for (long offset : offsets) {
            TestRecord kept = unlessDone(new TestRecord(this, offset, add(offset)));
            if (kept != null) {
                buffer().add(kept);
            }
        }
        return this;
    }

    @Override
    public String toString() {
        return lane().name();
    }
}
