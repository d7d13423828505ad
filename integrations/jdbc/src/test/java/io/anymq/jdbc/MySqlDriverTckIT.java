package io.anymq.jdbc;

import io.anymq.tck.store.IdempotencyStoreTck;
import io.anymq.tck.store.StoreHarness;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** MySQL's driver, on MariaDB's server. */
@Tag("mariadb")
class MySqlDriverTckIT extends IdempotencyStoreTck {
    @TempDir
    static Path folder;

    @Override
    protected StoreHarness harness() throws Exception {
        return new DatabaseHarness(new MariaDbDatabase(folder, "mysql"), config -> {});
    }
}
