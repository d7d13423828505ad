package io.anymq.brokers;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's jars, fetched by Maven once into a folder of their own and so kept off the tests' class path.
 *
 * <p>The folder's name contains a digest of the requested jars, so other versions never share it. Safe for several
 * JVMs at once: one fetches, the others wait; the folder appears complete or not at all.
 */
final class MavenClassPath {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";

    private final Settings settings;

    MavenClassPath(Settings settings) {
        this.settings = settings;
    }

    /** The jars of these {@code group:artifact:version} coordinates and of all they need at run time. */
    List<Path> resolve(String name, List<String> coordinates) {
        String pom = pom(coordinates);
        Path cache = cache();
        Path jars = cache.resolve(name + "-" + digest(pom));
        if (!Files.isDirectory(jars)) {
            fetchExclusively(name, coordinates, pom, jars);
        }
        return list(jars);
    }

    private void fetchExclusively(String name, List<String> coordinates, String pom, Path jars) {
        Path lockFile = jars.resolveSibling(jars.getFileName() + ".lock");
        try {
            Files.createDirectories(jars.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel, lockFile)) {
                if (lock.isValid() && !Files.isDirectory(jars)) {
                    fetch(name, coordinates, pom, jars);
                }
            }
        } catch (IOException e) {
            throw new LocalBrokerException(
                    "could not fill the cache folder " + jars
                            + "; make it writable or choose another with -Danymq.brokers.cache=…: " + e,
                    e);
        }
    }

    private static FileLock lock(FileChannel channel, Path lockFile) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new LocalBrokerException("interrupted while waiting for " + lockFile);
            }
        }
        throw new LocalBrokerException("another process has held " + lockFile + " for " + LIMIT.toMinutes()
                + " minutes; stop it and try again");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another thread of this JVM is fetching.
            return null;
        }
    }

    private void fetch(String name, List<String> coordinates, String pom, Path jars) throws IOException {
        Path maven = MavenCommand.find(settings);
        Console.line("fetching " + String.join(", ", coordinates) + " once with Maven into " + jars);
        Path work = Files.createTempDirectory(jars.toAbsolutePath().getParent(), name + "-fetching-");
        try {
            Path output = work.resolve("jars");
            Path log = work.resolve("maven.log");
            Folders.write(work.resolve("pom.xml"), pom);
            run(command(maven, work, output), work, log);
            if (list(output).isEmpty()) {
                throw new LocalBrokerException("Maven did not fetch any jars for " + coordinates);
            }
            Files.move(output, jars, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(work);
        }
    }

    private List<String> command(Path maven, Path work, Path output) {
        List<String> command = new ArrayList<>(List.of(
                maven.toString(),
                "-B",
                "-f",
                work.resolve("pom.xml").toString(),
                PLUGIN,
                "-DincludeScope=runtime",
                "-DoutputDirectory=" + output));
        settings.get("maven.repo.local").ifPresent(folder -> command.add("-Dmaven.repo.local=" + folder));
        return command;
    }

    private static void run(List<String> command, Path work, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Set by an outer Maven; they would make this one read the outer project's own settings.
        List.of("MAVEN_BASEDIR", "MAVEN_PROJECTBASEDIR", "MAVEN_CMD_LINE_ARGS", "MAVEN_DEBUG_OPTS")
                .forEach(builder.environment()::remove);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new LocalBrokerException(failure("did not finish within " + LIMIT.toMinutes() + " minutes", log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while Maven was fetching a broker's jars", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new LocalBrokerException(failure("failed with status " + process.exitValue(), log));
        }
    }

    private static String failure(String what, Path log) {
        return "fetching the broker's jars with Maven " + what
                + ". Only the first start needs Maven's repositories or a filled local repository."
                + " Maven's last lines:\n" + Folders.tail(log, 25);
    }

    private Path cache() {
        return cache(settings);
    }

    /** The folder of what is fetched or unpacked once for all brokers. */
    static Path cache(Settings settings) {
        return settings.get("anymq.brokers.cache")
                .map(Path::of)
                .or(() -> settings.variable("XDG_CACHE_HOME").map(home -> Path.of(home, "anymq", "brokers")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "anymq", "brokers"))
                .toAbsolutePath();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LocalBrokerException("could not list " + folder + ": " + e, e);
        }
    }

    static String join(List<Path> entries) {
        return String.join(
                File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    private static String pom(List<String> coordinates) {
        StringBuilder pom = new StringBuilder("<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n"
                + "  <modelVersion>4.0.0</modelVersion>\n  <groupId>io.anymq.fetch</groupId>\n"
                + "  <artifactId>server</artifactId>\n  <version>1</version>\n  <packaging>pom</packaging>\n"
                + "  <dependencies>\n");
        for (String coordinate : coordinates) {
            String[] parts = coordinate.split(":");
            pom.append("    <dependency><groupId>")
                    .append(parts[0])
                    .append("</groupId><artifactId>")
                    .append(parts[1])
                    .append("</artifactId><version>")
                    .append(parts[2])
                    .append("</version></dependency>\n");
        }
        return pom.append("  </dependencies>\n</project>\n").toString();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new LocalBrokerException("this Java runtime does not support SHA-256", e);
        }
    }
}
