package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.RowId;

/** The primary key of a row of {@code mq_message}. */
record MessageRowId(int source, int lane, long id) implements RowId {
    @Override
    public byte[] getBytes() {
        return toString().getBytes(US_ASCII);
    }

    /** For errors and SQL by hand. */
    @Override
    public String toString() {
        return source + "/" + lane + "/" + id;
    }
}
