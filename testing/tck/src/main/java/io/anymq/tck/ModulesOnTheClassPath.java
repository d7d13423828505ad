package io.anymq.tck;

import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Configuration modules that a thread finds on its class path for a while. */
final class ModulesOnTheClassPath {
    /** A well-behaved one. */
    public static final class Letters implements ConfigModule {
        @Override
        public String prefix() {
            return "tck-letters";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(
                    ConfigOption.text("paper", "plain", "what they are written on"),
                    ConfigOption.duration("every", "1s", 10, 60_000, "how often they are fetched"));
        }
    }

    /** One that wants the keys of {@link Letters}. */
    public static final class OtherLetters implements ConfigModule {
        @Override
        public String prefix() {
            return "tck-letters";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of();
        }
    }

    /** One that wants the engine's keys. */
    public static final class Retry implements ConfigModule {
        @Override
        public String prefix() {
            return "retry";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of();
        }
    }

    /** One that fails when it is asked. */
    public static final class Broken implements ConfigModule {
        @Override
        public String prefix() {
            return "tck-broken";
        }

        @Override
        public List<ConfigOption> options() {
            throw new NoClassDefFoundError("org/example/Missing");
        }
    }

    private ModulesOnTheClassPath() {}

    /** Does this while the classes are registered as configuration modules for the calling thread. */
    static void with(List<Class<? extends ConfigModule>> modules, Executable action) throws Exception {
        Path folder = Files.createTempDirectory("anymq-tck-modules");
        Path file = folder.resolve("META-INF/services/" + ConfigModule.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ModulesOnTheClassPath.class.getClassLoader())) {
            Files.createDirectories(file.getParent());
            Files.write(file, modules.stream().map(Class::getName).toList());
            thread.setContextClassLoader(loader);
            action.execute();
        } finally {
            thread.setContextClassLoader(before);
            Files.deleteIfExists(file);
            for (String part : List.of("META-INF/services", "META-INF", "")) {
                Files.deleteIfExists(folder.resolve(part));
            }
        }
    }

    /** The action that uses the modules. */
    @FunctionalInterface
    interface Executable {
        /** Does it. */
        void execute() throws Exception;
    }
}
