package io.anymq.jdbc;

import io.anymq.tck.store.IdempotencyStoreTck;
import io.anymq.tck.store.StoreHarness;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** On a pool whose transactions are serializable and not committed by themselves. */
@Tag("postgresql")
class PostgresSerializableTckIT extends IdempotencyStoreTck {
    @TempDir
    static Path folder;

    @Override
    protected StoreHarness harness() throws Exception {
        return new DatabaseHarness(new PostgresDatabase(folder), config -> {
            config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
            config.setAutoCommit(false);
        });
    }
}
