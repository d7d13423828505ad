package io.anymq.clientversions;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The application as a module of its own, started without any flag for modules. From JDK 21 on its handlers run on
 * virtual threads.
 */
class ModulePathIT {
    private static final String MODULE = "smoke";
    private static final Path SOURCE = Path.of("src/main/java/io/anymq/clientversions/SmokeApplication.java");

    @TempDir
    private Path folder;

    /** What docs/versioning.md says that a module must require beside {@code io.anymq}. */
    @ParameterizedTest
    @CsvSource({
        "KAFKA, kafka, ''",
        "RABBITMQ, rabbitmq, ''",
        "ACTIVEMQ, activemq, requires jakarta.messaging; requires java.transaction.xa;",
        "ARTEMIS, activemq, requires jakarta.messaging; requires java.transaction.xa;"
    })
    void runsWithItsAdapterOnTheModulePath(BrokerKind kind, String adapter, String requires) throws Exception {
        Predicate<String> modules =
                jar -> !jar.startsWith("anymq-adapter-") || jar.startsWith("anymq-adapter-" + adapter);
        run(kind, jars(modules), List.of(), requires);
    }

    /** RocketMQ's client comes with modules that require others which it leaves out. */
    @ParameterizedTest
    @CsvSource("ROCKETMQ, requires jdk.unsupported;")
    void runsWithItsAdapterOnTheClassPath(BrokerKind kind, String requires) throws Exception {
        Predicate<String> modules =
                jar -> jar.startsWith("anymq-api") || jar.startsWith("slf4j-api") || jar.startsWith("jspecify");
        run(kind, jars(modules), jars(modules.negate()), requires);
    }

    private static List<Path> jars(Predicate<String> which) {
        return new Platform("newest")
                .jars().stream()
                        .filter(jar -> which.test(jar.getFileName().toString()))
                        .toList();
    }

    private void run(BrokerKind kind, List<Path> modules, List<Path> classPath, String requires) throws Exception {
        List<Path> modulePath = new ArrayList<>(modules);
        modulePath.add(compiled(modules, requires));
        try (LocalBroker running = AvailableBroker.start(kind)) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
            command.addAll(List.of("--module-path", path(modulePath)));
            if (!classPath.isEmpty()) {
                command.addAll(List.of("--class-path", path(classPath)));
            }
            command.addAll(List.of("--module", MODULE + "/" + SmokeApplication.class.getName()));
            command.addAll(List.of(running.url(), "modules"));
            if (Runtime.version().feature() >= 21) {
                command.add("virtual");
            }
            Path output = folder.resolve("output");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(Files.readAllLines(output)).contains("PASSED");
            assertThat(process.exitValue()).isZero();
        }
    }

    private Path compiled(List<Path> modules, String requires) throws Exception {
        Path descriptor = folder.resolve("module-info.java");
        Files.writeString(descriptor, "module " + MODULE + " { requires io.anymq; " + requires + " }");
        Path classes = folder.resolve(MODULE);
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        int failed = javac.run(
                null,
                complaints,
                complaints,
                "--module-path",
                path(modules),
                "-d",
                classes.toString(),
                descriptor.toString(),
                SOURCE.toString());
        assertThat(failed).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        return classes;
    }

    private static String path(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
