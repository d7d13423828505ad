package io.anymq.jdbc;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A MariaDB server in a process of its own, from the programs of the package mariadb-server-core, or below {@code
 * ANYMQ_BROKERS_MARIADB_HOME}.
 */
final class MariaDbDatabase extends TestDatabase {
    private static final String HOME = System.getenv().getOrDefault("ANYMQ_BROKERS_MARIADB_HOME", "/usr");

    private final Path folder;
    private final String driver;
    private final int port;
    private Process server;

    /** {@code driver} is {@code mariadb} or {@code mysql}: that of MariaDB or of MySQL. */
    MariaDbDatabase(Path folder, String driver) throws Exception {
        this.folder = folder;
        this.driver = driver;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @Override
    String name() {
        return driver;
    }

    @Override
    String url(String address) {
        return "jdbc:" + driver + "://" + address + "/test";
    }

    @Override
    String user() {
        return "anymq";
    }

    @Override
    String password() {
        return "secret";
    }

    @Override
    String address() {
        return "127.0.0.1:" + port;
    }

    private static String program(String... names) {
        for (String name : names) {
            for (String bin : List.of("sbin", "bin")) {
                File file = new File(HOME, bin + "/" + name);
                if (file.canExecute()) {
                    return file.getPath();
                }
            }
        }
        throw new IllegalStateException(
                "there is no " + names[0] + " below " + HOME
                        + "; install the package mariadb-server-core, or leave these tests out: ANYMQ_WITHOUT=mariadb ./verify");
    }

    private ProcessBuilder command(List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                program("mariadbd", "mysqld"),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--lc-messages-dir=" + HOME + "/share/mysql",
                "--character-sets-dir=" + HOME + "/share/mysql/charsets",
                "--datadir=" + folder.resolve("data"),
                "--tmpdir=" + folder,
                "--socket=" + folder.resolve("s"),
                "--innodb-buffer-pool-size=32M",
                "--innodb-log-file-size=16M",
                "--innodb-flush-log-at-trx-commit=2"));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    }

    /** The system's tables, as mariadb-install-db makes them, and a database and a user for tests. */
    private void install() throws Exception {
        Files.createDirectories(folder.resolve("data/mysql"));
        StringBuilder script = new StringBuilder("USE mysql;\n");
        for (String part :
                List.of("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")) {
            script.append(Files.readString(Path.of(HOME, "share/mysql", part))).append('\n');
        }
        script.append("CREATE DATABASE test CHARACTER SET latin1;\nFLUSH PRIVILEGES;\n")
                .append("CREATE USER anymq@'%' IDENTIFIED BY 'secret';\nGRANT ALL ON test.* TO anymq@'%';\n");
        Path input = Files.writeString(folder.resolve("install.sql"), script);
        Process process = command(List.of("--bootstrap", "--skip-networking"))
                .redirectInput(input.toFile())
                .start();
        end(process, process.waitFor(60, TimeUnit.SECONDS));
        if (process.exitValue() != 0) {
            throw new IOException("MariaDB could not be set up: " + Files.readString(folder.resolve("log")));
        }
    }

    private static void end(Process process, boolean ended) throws InterruptedException {
        if (!ended) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    void startServer() throws Exception {
        if (!Files.exists(folder.resolve("data"))) {
            install();
        }
        server = command(List.of("--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve"))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
        Awaitility.await("MariaDB answers").atMost(Duration.ofSeconds(60)).until(() -> {
            if (!server.isAlive()) {
                throw new IOException("MariaDB ended: " + Files.readString(folder.resolve("log")));
            }
            try (Connection connection = DriverManager.getConnection(url(address()), user(), password())) {
                return connection.isValid(5);
            } catch (SQLException notYet) {
                return false;
            }
        });
    }

    @Override
    void stopServer() throws Exception {
        server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
