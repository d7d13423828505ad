package io.anymq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A modular program, compiled and run with nothing on its class path. */
class ModulePathTest {
    private static final List<String> NEEDED = List.of(
            "io.anymq",
            "io.anymq.inmemory",
            "io.anymq.rabbitmq",
            "io.anymq.json",
            "com.rabbitmq.client",
            "org.slf4j",
            "org.jspecify",
            "com.fasterxml.jackson.annotation",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.databind",
            "com.fasterxml.jackson.datatype.jdk8",
            "com.fasterxml.jackson.datatype.jsr310",
            "com.fasterxml.jackson.module.paramnames");

    @TempDir
    Path folder;

    private static String modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .filter(ModulePathTest::isNeeded)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isNeeded(Path entry) {
        return ModuleFinder.of(entry).findAll().stream()
                .anyMatch(module -> NEEDED.contains(module.descriptor().name()));
    }

    private String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private Path compile(String requires, String body) throws Exception {
        Path sources = Files.createDirectories(folder.resolve("src/app"));
        Path descriptor =
                Files.writeString(sources.getParent().resolve("module-info.java"), "module app { " + requires + " }");
        Path main = Files.writeString(sources.resolve("Main.java"), body);
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>(
                List.of("-p", modulePath(), "-d", classes.toString(), descriptor.toString(), main.toString()));
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertThat(status).as("exit status of javac").isZero();
        return classes;
    }

    @Test
    void adaptersAndCodecsAreFoundWithoutBeingNamed() throws Exception {
        Path classes = compile("requires io.anymq; opens app to com.fasterxml.jackson.databind;", """
                package app;

                import io.anymq.*;
                import java.util.concurrent.*;

                public class Main {
                    public record Order(String id, int amount) {}

                    public static void main(String[] args) throws Exception {
                        Queue orders = Queue.of("orders");
                        CountDownLatch handled = new CountDownLatch(1);
                        try (MessagingClient client = MessagingClient.connect("inmemory:")) {
                            client.consumer(orders, Order.class).start(d -> {
                                System.out.println("handled " + d.body());
                                handled.countDown();
                            });
                            client.producer(orders, Order.class).send(new Order("o-1", 3)).join();
                            if (!handled.await(30, TimeUnit.SECONDS)) {
                                System.out.println("nothing came");
                            }
                        }
                        try {
                            MessagingClient.connect("nosuchbroker:").close();
                        } catch (ConfigurationException e) {
                            System.out.println(e.getMessage());
                        }
                    }
                }
                """);
        String output = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                modulePath() + File.pathSeparator + classes,
                "-m",
                "app/app.Main"));
        assertThat(output).contains("handled Order[id=o-1, amount=3]").contains("inmemory, rabbitmq");
    }

    @Test
    void theEngineIsNotExported() throws Exception {
        String listed = Stream.of(ModuleFinder.of(Arrays.stream(modulePath().split(File.pathSeparator))
                                .map(Path::of)
                                .toArray(Path[]::new))
                        .find("io.anymq")
                        .orElseThrow()
                        .descriptor()
                        .exports()
                        .toArray())
                .map(Object::toString)
                .sorted()
                .collect(Collectors.joining(" "));
        assertThat(listed).isEqualTo("io.anymq io.anymq.policy io.anymq.spi io.anymq.spi.support");
    }
}
