package io.anymq.jdbc;

import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes entries that have ended, a batch at a time. Thread-safe. */
final class Purge {
    private static final Logger log = LoggerFactory.getLogger(Purge.class);

    private final Database database;
    private final Function<Dialect, String> statement;
    private final long intervalNanos;
    private final int batch;
    private final String what;
    private final AtomicLong next;

    /** {@code statement} has one parameter, the number of rows at most. */
    Purge(Database database, Function<Dialect, String> statement, long intervalNanos, int batch, String what) {
        this.database = database;
        this.statement = statement;
        this.intervalNanos = intervalNanos;
        this.batch = batch;
        this.what = what;
        this.next = new AtomicLong(System.nanoTime() + intervalNanos);
    }

    /** Removes all, each batch in a transaction of its own, and returns how many they were. */
    long all() {
        long removed = 0;
        int last;
        do {
            last = one();
            removed += last;
        } while (last >= batch);
        return removed;
    }

    private int one() {
        return database.call("remove expired entries", (connection, sql) -> {
            try (PreparedStatement purge = connection.prepareStatement(statement.apply(sql))) {
                purge.setInt(1, batch);
                return purge.executeUpdate();
            }
        });
    }

    /** One batch at most, so that no handler waits long; the next call goes on at once if there may be more. */
    void ifDue() {
        long due = next.get();
        long now = System.nanoTime();
        if (intervalNanos == 0 || now - due < 0 || !next.compareAndSet(due, now + intervalNanos)) {
            return;
        }
        try {
            if (one() >= batch) {
                next.set(System.nanoTime());
            }
        } catch (Throwable e) {
            log.warn("Expired {} could not be removed: {}; trying again later", what, e.toString());
        }
    }
}
