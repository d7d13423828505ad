package io.anymq.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbCrashIT extends CrashContract {
    @Override
    TestDatabase open(Path folder) throws Exception {
        return new MariaDbDatabase(folder, "mariadb");
    }
}
