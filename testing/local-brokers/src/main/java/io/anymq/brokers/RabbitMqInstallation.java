package io.anymq.brokers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds a RabbitMQ server on this machine. Its scripts in {@code /usr/sbin} change the user, so those are not used. */
final class RabbitMqInstallation {
    private static final List<String> FOLDERS = List.of(
            "/usr/lib/rabbitmq",
            "/usr/local/lib/rabbitmq",
            "/opt/rabbitmq",
            "/opt/homebrew/opt/rabbitmq",
            "/usr/local/opt/rabbitmq");

    private final Settings settings;

    RabbitMqInstallation(Settings settings) {
        this.settings = settings;
    }

    /** The folder of {@code rabbitmq-server}, or empty if none is found where installers put it. */
    Optional<Path> scripts() {
        Optional<String> named = settings.get("anymq.brokers.rabbitmq.home");
        return named.map(List::of).orElse(FOLDERS).stream()
                .map(Path::of)
                .flatMap(folder -> List.of(folder.resolve("bin"), folder.resolve("sbin")).stream())
                .filter(folder -> Files.isExecutable(folder.resolve("rabbitmq-server")))
                .findFirst();
    }

    /** Why no node can be started here, or empty if one can. */
    Optional<String> obstacle() {
        if (scripts().isEmpty()) {
            return Optional.of("no RabbitMQ server is installed; install it with 'apt-get install"
                    + " --no-install-recommends rabbitmq-server' (./verify does), or name its folder with"
                    + " -Danymq.brokers.rabbitmq.home");
        }
        return onPath("epmd").isPresent() ? Optional.empty() : Optional.of("Erlang's epmd is not on the PATH");
    }

    /** Starts a port mapper. */
    PortMapper startPortMapper(int port) {
        return PortMapper.start(onPath("epmd").orElseThrow().toString(), port);
    }

    private Optional<Path> onPath(String program) {
        String path = settings.variable("PATH").orElse("/usr/local/bin:/usr/bin:/bin");
        return List.of(path.split(":")).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
