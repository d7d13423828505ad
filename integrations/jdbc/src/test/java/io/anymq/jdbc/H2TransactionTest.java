package io.anymq.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2TransactionTest extends TransactionContract {
    @TempDir
    static Path folder;

    @Override
    TestDatabase open() throws Exception {
        return new H2Database(folder);
    }
}
