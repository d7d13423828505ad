package io.anymq.jdbc;

import java.nio.file.Path;

class H2CrashTest extends CrashContract {
    @Override
    TestDatabase open(Path folder) throws Exception {
        return new H2Database(folder);
    }
}
