package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ConfigurationException;
import io.anymq.MessagingClient;
import io.anymq.VirtualTime;
import io.anymq.internal.support.ManualBroker;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigModulesTest {
    /** A well-behaved module. */
    public static final class Outbox implements ConfigModule {
        @Override
        public String prefix() {
            return "outbox";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(
                    ConfigOption.text("table", "anymq_outbox", "the table"),
                    ConfigOption.duration("poll-interval", "1s", 10, 60_000, "how often the table is read"),
                    ConfigOption.number("batch.size", 100, 1, 1_000, "rows read at once"),
                    ConfigOption.secret("password", "for the database"));
        }

        @Override
        public List<String> validate(ConfigValues values) {
            return values.text("table").orElse("").contains(" ")
                    ? List.of("anymq.outbox.table has a space in it")
                    : List.of();
        }
    }

    /** Throws as soon as it is made. */
    public static final class Unmakeable implements ConfigModule {
        public Unmakeable() {
            throw new IllegalStateException("no database driver");
        }

        @Override
        public String prefix() {
            return "unmakeable";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of();
        }
    }

    private record Module(Supplier<String> name, Supplier<List<ConfigOption>> declared, Supplier<List<String>> mistakes)
            implements ConfigModule {
        Module(String name) {
            this(() -> name, List::of, List::of);
        }

        Module(String name, ConfigOption... options) {
            this(() -> name, () -> Arrays.asList(options), List::of);
        }

        @Override
        public String prefix() {
            return name.get();
        }

        @Override
        public List<ConfigOption> options() {
            return declared.get();
        }

        @Override
        public List<String> validate(ConfigValues values) {
            return mistakes.get();
        }
    }

    private record Vendor(String scheme) implements BrokerAdapter {
        @Override
        public List<ConfigOption> options() {
            return List.of(ConfigOption.number("lanes", 8, 1, 100, "how many"));
        }

        @Override
        public List<String> validate(ConnectionContext context) {
            if (context.url().path().equals("throws")) {
                throw new IllegalStateException("out of order");
            }
            return List.of();
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            throw new IllegalStateException("this vendor only has a configuration");
        }
    }

    @TempDir
    Path folder;

    private static ClientConfig read(Sections sections, Map<String, String> environment, Map<String, String> code) {
        ClientConfig.Sources sources =
                new ClientConfig.Sources(null, environment, new Properties(), VendorConfig.fromCode(code));
        return ClientConfig.read(sources, sections, "name", new VirtualTime());
    }

    private static Sections sections(ConfigModule... modules) {
        return Sections.of(List.of(), List.of(new Vendor("vendor")), List.of(modules));
    }

    private static List<String> problems(Sections sections, String... keysAndValues) {
        Map<String, String> code = new HashMap<>(Map.of("anymq.url", "vendor:"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            code.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        ConfigurationException e =
                catchThrowableOfType(ConfigurationException.class, () -> read(sections, Map.of(), code));
        assertThat(e).as("what reading throws").isNotNull();
        return e.problems();
    }

    private static String problem(Sections sections, String... keysAndValues) {
        List<String> problems = problems(sections, keysAndValues);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void aModulesKeysAreReadFromEverySourceWithDefaultsFilledIn() {
        ClientConfig config = read(
                sections(new Outbox()),
                Map.of("ANYMQ_OUTBOX_POLL_INTERVAL", "250ms", "ANYMQ_OUTBOX_BATCH_SIZE", "7"),
                Map.of("anymq.url", "vendor:", "anymq.outbox.table", "letters"));
        ConfigValues outbox = ClientConfig.module("outbox", config.modules());
        assertThat(outbox.text("table")).contains("letters");
        assertThat(outbox.duration("poll-interval")).isEqualTo(Duration.ofMillis(250));
        assertThat(outbox.number("batch.size")).isEqualTo(7);
        assertThat(outbox.text("password")).isEmpty();
    }

    @Test
    void aModulesMistakesAreToldWithAllOthersAndNameTheNearestKey() {
        List<String> problems = problems(
                sections(new Outbox()),
                "anymq.outbox.tabel",
                "x",
                "anymq.outbox.poll-interval",
                "soon",
                "anymq.outbx.batch.size",
                "5",
                "anymq.retry.max-attempts",
                "none",
                "anymq.vendr.lanes",
                "1");
        assertThat(problems)
                .hasSize(5)
                .anyMatch(p -> p.contains("anymq.outbox.tabel") && p.contains("did you mean anymq.outbox.table?"))
                .anyMatch(p -> p.contains("anymq.outbox.poll-interval = soon"))
                .anyMatch(p -> p.contains("did you mean anymq.outbox.batch.size?"))
                .anyMatch(p -> p.contains("anymq.retry.max-attempts = none"))
                .anyMatch(p -> p.contains("did you mean anymq.vendor.lanes?"));
    }

    @Test
    void whatOnlyTheModuleCanJudgeIsAMistakeLikeAnyOther() {
        assertThat(problem(sections(new Outbox()), "anymq.outbox.table", "two words"))
                .isEqualTo("anymq.outbox.table has a space in it");
    }

    @Test
    void aSecretOfAModuleIsNeverPrinted() {
        ClientConfig config =
                read(sections(new Outbox()), Map.of(), Map.of("anymq.url", "vendor:", "anymq.outbox.password", "hush"));
        assertThat(config.toString()).doesNotContain("hush");
        assertThat(problem(sections(new Outbox()), "anymq.outbox.pasword", "hush"))
                .contains("anymq.outbox.password")
                .doesNotContain("hush");
    }

    @Test
    void aKeyThatNothingReadsIsRefusedWithItsCure() {
        assertThat(problem(sections(), "anymq.outbox.table", "x"))
                .contains("unknown key anymq.outbox.table (code)")
                .contains("nothing on the class path reads anymq.outbox.*")
                .contains("add the jar");
    }

    @Test
    void twoWithOnePrefixAreRefusedByTheirClasses() {
        assertThat(problem(sections(new Outbox(), new Module("outbox"))))
                .contains("anymq.outbox.")
                .contains(Outbox.class.getName())
                .contains(Module.class.getName())
                .contains("only one");
        assertThat(problem(sections(new Module("vendor"))))
                .contains("adapter " + Vendor.class.getName())
                .contains("configuration module " + Module.class.getName());
        assertThat(problem(Sections.of(List.of(), List.of(new Vendor("vendor"), new Vendor("vendor")), List.of())))
                .contains("anymq.vendor. belongs to adapter");
    }

    @Test
    void anAdapterGivenInCodeIsPreferredToOneOnTheClassPath() {
        Vendor given = new Vendor("vendor");
        Sections sections = Sections.of(List.of(given), List.of(new Vendor("vendor")), List.of());
        assertThat(read(sections, Map.of(), Map.of("anymq.url", "vendor:")).adapter())
                .isSameAs(given);
    }

    @Test
    void theEnginesPrefixesAndReservedOnesAreNotForModules() {
        for (String taken : List.of("retry", "producer", "url", "dead-letter")) {
            assertThat(problem(sections(new Module(taken)), "anymq.retry.max-attempts", "3"))
                    .contains(Module.class.getName())
                    .contains("anymq." + taken + " is the engine's own")
                    .contains("another prefix");
        }
        assertThat(problem(sections(new Module("test"))))
                .contains("anymq.test. is reserved")
                .contains("give the class another one");
    }

    @Test
    void aPrefixThatCannotBePartOfAKeyIsRefused() {
        for (String bad : List.of("", "two.words", "Upper", "1st", "-", "x".repeat(65), "sp ace")) {
            assertThat(problem(sections(new Module(bad))))
                    .contains("prefix() must be 1 to 64 characters of a-z, 0-9 and -, starting with a letter, but was '"
                            + bad + "'");
        }
    }

    @Test
    void aModuleThatThrowsOrReturnsNullIsNamedWithTheCure() {
        Supplier<String> name = () -> "bad";
        Supplier<String> throwing = () -> {
            throw new NoClassDefFoundError("javax/sql/DataSource");
        };
        Map<Module, String> modules = Map.of(
                new Module(throwing, List::of, List::of), "prefix() threw java.lang.NoClassDefFoundError",
                new Module(() -> null, List::of, List::of), "prefix() returned null",
                new Module(name, () -> null, List::of), "options() returned null",
                new Module(name, () -> Arrays.asList((ConfigOption) null), List::of), "must not contain null",
                new Module(name, () -> List.of(ConfigOption.text(throwing.get(), null, "")), List::of),
                        "options() threw",
                new Module(name, List::of, () -> null), "validate(…) returned null",
                new Module(name, List::of, () -> List.of(throwing.get())), "validate(…) threw");
        modules.forEach((module, expected) -> assertThat(problem(sections(module)))
                .contains("configuration module " + Module.class.getName())
                .contains(expected)
                .contains("correct the class"));
    }

    @Test
    void optionsThatContradictThemselvesAreTheModulesMistake() {
        assertThat(problem(sections(new Module(
                        "bad", ConfigOption.number("n", 0, 1, 9, "one"), ConfigOption.text("t", "x", "another")))))
                .contains("the default of option 'n' must be between 1 and 9");
        assertThat(problem(sections(
                        new Module("bad", ConfigOption.text("t", "x", "one"), ConfigOption.text("t", "y", "two")))))
                .contains("two options named 't'");
    }

    @Test
    void anAdapterThatThrowsWhileItChecksIsNamed() {
        assertThat(problem(sections(), "anymq.url", "vendor:throws"))
                .contains("adapter " + Vendor.class.getName())
                .contains("validate(…) threw java.lang.IllegalStateException: out of order");
    }

    @Test
    void modulesAreFoundOnTheClassPathAndReadableBeforeAndAfterOpening() throws Exception {
        try (URLClassLoader loader = withModules(Outbox.class)) {
            runWith(loader, () -> {
                MessagingClient.Builder builder = MessagingClient.builder()
                        .url("manual:")
                        .adapter(new ManualBroker())
                        .set("anymq.outbox.table", "letters");
                assertThat(builder.config("outbox").text("table")).contains("letters");
                assertThatThrownBy(() -> builder.config("outbax"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no ConfigModule with the prefix 'outbax'");
                builder.set("anymq.outbox.batch.size", "3");
                try (MessagingClient client = builder.open()) {
                    assertThat(client.config("outbox").number("batch.size")).isEqualTo(3);
                    assertThatThrownBy(() -> client.config("manual")).isInstanceOf(IllegalArgumentException.class);
                }
            });
        }
    }

    @Test
    void aClassThatCannotBeLoadedIsTold() throws Exception {
        try (URLClassLoader loader = withModules(Unmakeable.class, Outbox.class)) {
            Files.writeString(
                    folder.resolve("META-INF/services/" + ConfigModule.class.getName()),
                    "\norg.example.Missing\n",
                    StandardOpenOption.APPEND);
            runWith(loader, () -> {
                MessagingClient.Builder builder = MessagingClient.builder()
                        .url("manual:")
                        .adapter(new ManualBroker())
                        .set("anymq.outbox.tabel", "x");
                for (ThrowingCallable reading :
                        List.<ThrowingCallable>of(builder::open, () -> builder.config("outbox"))) {
                    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, reading);
                    assertThat(e.problems())
                            .hasSize(3)
                            .anyMatch(p -> p.contains(Unmakeable.class.getName()) && p.contains("no database driver"))
                            .anyMatch(p -> p.contains("org.example.Missing") && p.contains("class path"))
                            .anyMatch(p -> p.contains("anymq.outbox.table"));
                }
            });
        }
    }

    @Test
    void anyJarMayNameAnAdapterThatIsNotThere() throws Exception {
        Path file = folder.resolve("META-INF/anymq/prefixes.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "nats = org.example:adapter-nats\nkafka = not.ours:kafka\n");
        try (URLClassLoader loader = loader()) {
            runWith(loader, () -> {
                Sections sections = sections();
                ClientConfig config =
                        read(sections, Map.of(), Map.of("anymq.url", "vendor:", "anymq.nats.stream", "orders"));
                assertThat(config.adapter().scheme()).isEqualTo("vendor");
                assertThat(problem(sections, "anymq.url", "nats://localhost"))
                        .contains("put org.example:adapter-nats on the class path");
                assertThat(problem(sections, "anymq.url", "kafka://localhost"))
                        .contains("put io.anymq:anymq-adapter-kafka on the class path");
                assertThat(problem(sections, "anymq.nats", "x")).contains("unknown key anymq.nats");
            });
        }
    }

    private URLClassLoader withModules(Class<?>... modules) throws IOException {
        Path file = folder.resolve("META-INF/services/" + ConfigModule.class.getName());
        Files.createDirectories(file.getParent());
        List<String> names = new ArrayList<>();
        for (Class<?> module : modules) {
            names.add(module.getName());
        }
        Files.write(file, names);
        return loader();
    }

    private URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }

    private static void runWith(@Nullable ClassLoader loader, Runnable action) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            action.run();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
