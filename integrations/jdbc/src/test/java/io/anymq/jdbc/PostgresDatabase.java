package io.anymq.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL server in a process of its own. */
final class PostgresDatabase extends TestDatabase {
    private final Path folder;
    private EmbeddedPostgres server;
    private int port;

    PostgresDatabase(Path folder) throws Exception {
        this.folder = folder;
    }

    @Override
    String name() {
        return "postgresql";
    }

    @Override
    String url(String address) {
        return "jdbc:postgresql://" + address + "/postgres?connectTimeout=2";
    }

    @Override
    String user() {
        return "postgres";
    }

    @Override
    String password() {
        return "postgres";
    }

    @Override
    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    void startServer() throws Exception {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setOverrideWorkingDirectory(new File("target/postgresql"))
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setPGStartupWait(Duration.ofSeconds(60));
        server = (port == 0 ? builder : builder.setPort(port)).start();
        port = server.getPort();
    }

    @Override
    void stopServer() throws Exception {
        server.close();
    }
}
