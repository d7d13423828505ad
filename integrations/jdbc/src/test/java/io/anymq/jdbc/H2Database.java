package io.anymq.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import org.h2.tools.Server;

/** H2's server in this JVM, on a file. */
final class H2Database extends TestDatabase {
    private final Path folder;
    private Server server;
    private int port;

    H2Database(Path folder) throws Exception {
        this.folder = folder;
    }

    @Override
    String name() {
        return "h2";
    }

    @Override
    String url(String address) {
        return "jdbc:h2:tcp://" + address + "/./test;LOCK_TIMEOUT=5000";
    }

    @Override
    String user() {
        return "sa";
    }

    @Override
    String password() {
        return "secret";
    }

    @Override
    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    void startServer() throws Exception {
        server = Server.createTcpServer(
                        "-tcpPort", Integer.toString(port), "-baseDir", folder.toString(), "-ifNotExists")
                .start();
        port = server.getPort();
    }

    @Override
    void stopServer() {
        server.stop();
    }

    @Override
    HikariConfig config() {
        HikariConfig config = super.config();
        config.setExceptionOverrideClassName(BrokenH2.class.getName());
        return config;
    }

    /** Cuts its connections: a server that was stopped does not open its databases again in the same JVM. */
    @Override
    void takeDown() {
        disconnect();
    }

    @Override
    void bringBack() {
        connect();
    }
}
