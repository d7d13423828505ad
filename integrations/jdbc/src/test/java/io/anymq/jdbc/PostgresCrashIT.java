package io.anymq.jdbc;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("postgresql")
class PostgresCrashIT extends CrashContract {
    @Override
    TestDatabase open(Path folder) throws Exception {
        return new PostgresDatabase(folder);
    }

    @Override
    List<String> applicationPoints() {
        return APPLICATION;
    }

    @Override
    List<String> relayPoints() {
        return RELAY;
    }
}
