package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ConfigurationException;
import io.anymq.VirtualTime;
import io.anymq.internal.support.CapturedLog;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientConfigTest {
    private static final class Vendor implements BrokerAdapter {
        @Override
        public String scheme() {
            return "vendor";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(
                    ConfigOption.number("partitions", 8, 1, 100, "how many"),
                    ConfigOption.secret("token", "how to get in"),
                    ConfigOption.choice("mode", "fast", List.of("fast", "safe"), "how"),
                    ConfigOption.passThrough("native.", List.of("linger.ms", "acks"), "the vendor's own"));
        }

        @Override
        public List<String> validate(ConnectionContext context) {
            return context.url().path().equals("bad") ? List.of("the path is bad") : List.of();
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            throw new IllegalStateException("this vendor only has a configuration");
        }
    }

    /** Stands for the adapter that the default URL names. */
    private static final class Embedded implements BrokerAdapter {
        @Override
        public String scheme() {
            return "inmemory";
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            throw new IllegalStateException("this one only has a name");
        }
    }

    @TempDir
    Path folder;

    private static ClientConfig read(
            @Nullable Path file, Map<String, String> environment, Properties system, Map<String, String> code) {
        return ClientConfig.read(
                new ClientConfig.Sources(file, environment, system, code),
                Sections.of(List.of(), List.of(new Vendor()), List.of()),
                "name",
                new VirtualTime());
    }

    private static ClientConfig read(Map<String, String> code) {
        return read(null, Map.of(), new Properties(), code);
    }

    private static List<String> problems(Map<String, String> code) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> read(code));
        assertThat(e).isNotNull();
        return e.problems();
    }

    @Test
    void defaultsHold() {
        ClientConfig config = read(Map.of("anymq.url", "vendor:"));
        assertThat(config.provisionMode()).isEqualTo(ProvisionMode.CREATE);
        assertThat(config.concurrency()).isEqualTo(8);
        assertThat(config.producer().maxInFlight()).isEqualTo(1_000);
        assertThat(config.producer().maxBodyBytes()).isEqualTo(1 << 20);
        assertThat(config.retry().maxAttempts()).isEqualTo(5);
        assertThat(config.retry().initialDelay()).hasMillis(200);
        assertThat(config.retry().jitter()).isEqualTo(0.2);
        assertThat(config.drainTimeout()).hasSeconds(30);
        assertThat(config.connection().config().number("partitions")).isEqualTo(8);
        assertThat(config.connection().config().text("token")).isEmpty();
    }

    @Test
    void codeWinsOverSystemOverEnvironmentOverFile() throws IOException {
        Path file = folder.resolve("some.properties");
        Files.writeString(file, """
                anymq.url=vendor:
                anymq.producer.max-in-flight=1
                anymq.consumer.concurrency=1
                anymq.retry.max-attempts=1
                anymq.provision=none
                """);
        Map<String, String> environment = Map.of(
                "ANYMQ_PRODUCER_MAX_IN_FLIGHT", "2",
                "ANYMQ_CONSUMER_CONCURRENCY", "2",
                "ANYMQ_RETRY_MAX_ATTEMPTS", "2",
                "PATH", "ignored");
        Properties system = new Properties();
        system.setProperty("anymq.consumer.concurrency", "3");
        system.setProperty("anymq.retry.max-attempts", "3");
        system.setProperty("other", "ignored");
        ClientConfig config = read(file, environment, system, Map.of("anymq.retry.max-attempts", "4"));
        assertThat(config.provisionMode()).isEqualTo(ProvisionMode.NONE);
        assertThat(config.producer().maxInFlight()).isEqualTo(2);
        assertThat(config.concurrency()).isEqualTo(3);
        assertThat(config.retry().maxAttempts()).isEqualTo(4);
    }

    @Test
    void unitsAreRead() {
        ClientConfig config = read(Map.of(
                "anymq.url", "vendor:",
                "anymq.producer.send-timeout", "1500ms",
                "anymq.producer.max-block", "2m",
                "anymq.consumer.drain-timeout", "PT1H",
                "anymq.retry.max-delay", "1d",
                "anymq.producer.max-body", "64KiB"));
        assertThat(config.producer().sendTimeout()).hasMillis(1_500);
        assertThat(config.producer().maxBlock()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(config.retry().maxDelay()).isEqualTo(Duration.ofDays(1));
        assertThat(config.producer().maxBodyBytes()).isEqualTo(64 * 1024);
    }

    @Test
    void allMistakesAreToldAtOnceEachWithItsOrigin() {
        List<String> problems = problems(Map.of(
                "anymq.url", "vendor:",
                "anymq.producer.max-in-flite", "5",
                "anymq.consumer.concurrency", "many",
                "anymq.retry.multiplier", "twice",
                "anymq.retry.jitter", "2",
                "anymq.consumer.max-per-second", "-1",
                "anymq.retry.initial-delay", "200",
                "anymq.vendor.partitions", "0",
                "anymq.vendor.mode", "slow",
                "anymq.vendor.native.linger.mz", "5"));
        assertThat(problems).hasSize(9).allMatch(problem -> problem.contains("(code)"));
        assertThat(problems)
                .anyMatch(p -> p.contains("did you mean anymq.producer.max-in-flight?"))
                .anyMatch(p -> p.contains("did you mean anymq.vendor.native.linger.ms?"))
                .anyMatch(p -> p.contains("anymq.retry.multiplier = twice"))
                .anyMatch(p -> p.contains("anymq.retry.jitter = 2"))
                .anyMatch(p -> p.contains("anymq.consumer.max-per-second = -1"))
                .anyMatch(p -> p.contains("has no unit"))
                .anyMatch(p -> p.contains("fast, safe"));
    }

    @Test
    void contradictionsBetweenKeysAreToldToo() {
        assertThat(problems(Map.of("anymq.url", "vendor:", "anymq.retry.max-delay", "1ms")))
                .singleElement()
                .asString()
                .contains("maxDelay");
        assertThat(problems(Map.of("anymq.url", "vendor:bad"))).containsExactly("the path is bad");
    }

    @Test
    void aDurationTooLongToCountIsAMistakeLikeAnyOther() {
        assertThat(problems(Map.of("anymq.url", "vendor:", "anymq.connect-timeout", "999999999999999999s")))
                .singleElement()
                .asString()
                .contains("must be between 100 ms and 10 min");
        assertThat(problems(Map.of("anymq.url", "vendor:", "anymq.connect-timeout", "PT2562047788015215H")))
                .hasSize(1);
    }

    @Test
    void otherVendorsKeysAreIgnoredButNotOnesOwnMistakes() {
        ClientConfig config = read(
                Map.of("anymq.url", "vendor:", "anymq.kafka.producer.acks", "all", "anymq.rabbitmq.heartbeat", "5s"));
        assertThat(config.adapter().scheme()).isEqualTo("vendor");
        assertThat(problems(Map.of("anymq.url", "vendor:", "anymq.vendr.partitions", "1")))
                .hasSize(1);
        assertThat(problems(Map.of("anymq.url", "vendor:", "any.thing", "1"))).hasSize(1);
    }

    @Test
    void parametersOfTheUrlAreOptionsToo() {
        ClientConfig config = read(Map.of("anymq.url", "vendor://h:1/p?partitions=3&native.acks=all"));
        assertThat(config.connection().config().number("partitions")).isEqualTo(3);
        assertThat(config.connection().config().passThrough("native.")).isEqualTo(Map.of("acks", "all"));
        assertThat(problems(Map.of("anymq.url", "vendor:?partition=3")))
                .singleElement()
                .asString()
                .contains("partitions");
    }

    @Test
    void aMissingAdapterIsToldHowToGet() {
        assertThat(problems(Map.of("anymq.url", "kafka://h:1")))
                .singleElement()
                .asString()
                .contains("io.anymq:anymq-adapter-kafka");
        assertThat(problems(Map.of("anymq.url", "nowhere:")))
                .singleElement()
                .asString()
                .contains("vendor");
        assertThat(problems(Map.of("anymq.url", "h")))
                .singleElement()
                .asString()
                .contains("must begin with a scheme");
    }

    @Test
    void whatMayBeAPartOfAPasswordIsNotShown() {
        assertThat(problems(Map.of("anymq.url", "vendor://bob:12?hush=sh@h")))
                .singleElement()
                .asString()
                .doesNotContain("hush");
        assertThat(problems(Map.of("anymq.url", "vendor://bob:12?hush=1")))
                .singleElement()
                .asString()
                .startsWith("unknown parameter (anymq.url): ")
                .doesNotContain("hush");
    }

    @Test
    void secretsAreNeverPrinted() {
        ClientConfig config = read(Map.of(
                "anymq.url", "vendor://u:hush@h:1", "anymq.vendor.token", "hush", "anymq.vendor.native.acks", "hush"));
        assertThat(config.connection().config().text("token")).contains("hush");
        assertThat(config.toString()).doesNotContain("hush");
        assertThat(config.connection().toString()).doesNotContain("hush");
        assertThat(new Setting("hush", "code").toString()).doesNotContain("hush");
        assertThat(problems(Map.of("anymq.url", "vendor://u:hush@h:1", "anymq.vendor.tokn", "hush")))
                .singleElement()
                .asString()
                .contains("anymq.vendor.token")
                .doesNotContain("hush");
    }

    private List<String> problemsOfFile(Path file, Map<String, String> environment) {
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class, () -> read(file, environment, new Properties(), Map.of()));
        assertThat(e).isNotNull();
        return e.problems();
    }

    @Test
    void aMissingFileIsAMistakeAmongOthers() {
        assertThat(problemsOfFile(
                        folder.resolve("missing.properties"),
                        Map.of("ANYMQ_URL", "vendor:", "ANYMQ_RETRY_JITTER", "2")))
                .hasSize(2)
                .anyMatch(p -> p.contains("missing.properties does not exist (working directory: /"))
                .anyMatch(p -> p.contains("anymq.retry.jitter = 2 (environment variable ANYMQ_RETRY_JITTER)"));
    }

    @Test
    void mistakesInAFileAreToldWithTheirLines() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "# ours\nanymq.url=vendor:\nanymq.retry.jitter=2\n");
        assertThat(problemsOfFile(file, Map.of()))
                .containsExactly("anymq.retry.jitter = 2 (" + file + ", line 3) must be between 0.0 and 1.0");
    }

    @Test
    void anEmptyUrlIsToldWithItsSource() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "anymq.url=\n");
        assertThat(problemsOfFile(file, Map.of()))
                .singleElement()
                .asString()
                .startsWith("anymq.url (" + file + ", line 1) is empty;");
        assertThat(problemsOfFile(file, Map.of("ANYMQ_URL", " ")))
                .singleElement()
                .asString()
                .startsWith("anymq.url (environment variable ANYMQ_URL) is empty;");
    }

    @Test
    void anUnknownOptionOfAnAdapterThatIsHereListsItsOptions() {
        assertThat(problems(Map.of("anymq.url", "vendor:?somethingQuiteDifferent=1")))
                .singleElement()
                .asString()
                .endsWith("(anymq.url): the options of anymq.vendor.* are mode, native.*, partitions, token");
    }

    @Test
    void theTargetSaysWhereToAndWhoSaidSo() throws IOException {
        Path file = folder.resolve("shop.properties");
        Files.writeString(file, "# shop\nanymq.url=vendor://u:secret@host/orders\n");
        assertThat(read(file, Map.of(), new Properties(), Map.of()).target())
                .isEqualTo("connects to vendor://u:***@host/orders (anymq.url from " + file + ", line 2)");
        assertThat(read(file, Map.of("ANYMQ_URL", "vendor:"), new Properties(), Map.of())
                        .target())
                .isEqualTo("connects to vendor: (anymq.url from environment variable ANYMQ_URL)");
        Properties system = new Properties();
        system.setProperty("anymq.url", "vendor:");
        assertThat(read(file, Map.of(), system, Map.of()).target())
                .isEqualTo("connects to vendor: (anymq.url from system property anymq.url)");
        assertThat(read(Map.of("anymq.url", "vendor:")).target()).endsWith("(anymq.url from code)");
    }

    /** A broker that ends with its client must not surprise an operator who believes that a file names another one. */
    @Test
    void withoutAUrlTheTargetSaysWhereOneWasLookedFor() throws IOException {
        assertThat(withoutUrlOn(ClassLoader.getPlatformClassLoader()))
                .isEqualTo("uses an in-memory broker of its own, whose messages end with it, because anymq.url is not"
                        + " set: there is no anymq.properties in " + Path.of("").toAbsolutePath()
                        + " or on the class path, and no ANYMQ_URL in the environment");
        Path file = folder.resolve("shop.properties");
        Files.writeString(file, "anymq.retry.max-attempts=3\n");
        assertThat(withoutUrl(file))
                .endsWith("because anymq.url is not set: neither in " + file + " nor as ANYMQ_URL in the environment");
        Files.writeString(folder.resolve("anymq.properties"), "anymq.retry.max-attempts=3\n");
        URL[] withFile = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(withFile, ClassLoader.getPlatformClassLoader())) {
            assertThat(withoutUrlOn(loader)).contains("neither in anymq.properties on the class path nor as ANYMQ_URL");
        }
    }

    private static String withoutUrlOn(ClassLoader loader) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            return withoutUrl(null);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static String withoutUrl(@Nullable Path file) {
        return ClientConfig.read(
                        new ClientConfig.Sources(file, Map.of(), new Properties(), Map.of()),
                        Sections.of(List.of(), List.of(new Embedded()), List.of()),
                        "name",
                        new VirtualTime())
                .target();
    }

    /** Others set variables, too; a file and system properties are the application's own and stay strict. */
    @Test
    void environmentVariablesThatMatchNothingAreLoggedAndIgnored() {
        Map<String, String> environment =
                Map.of("ANYMQ_URL", "vendor:", "ANYMQ_RETRY_MAXATTEMPTS", "3", "ANYMQ_VENDOR_SPEED", "3");
        String log = CapturedLog.of(() -> assertThat(read(null, environment, new Properties(), Map.of())
                        .adapter()
                        .scheme())
                .isEqualTo("vendor"));
        assertThat(log)
                .contains("Ignoring environment variable ANYMQ_RETRY_MAXATTEMPTS: no key has this name; did you mean"
                        + " ANYMQ_RETRY_MAX_ATTEMPTS?")
                .contains("Ignoring environment variable ANYMQ_VENDOR_SPEED");
        Properties system = new Properties();
        system.setProperty("anymq.retry.maxattempts", "3");
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> read(null, environment, system, Map.of())))
                .hasMessageContaining("did you mean anymq.retry.max-attempts?");
    }

    @Test
    void aFamilyOfVendorSettingsTakesEnvironmentVariables() {
        ClientConfig config = read(
                null, Map.of("ANYMQ_URL", "vendor:", "ANYMQ_VENDOR_NATIVE_LINGER_MS", "5"), new Properties(), Map.of());
        assertThat(config.connection().config().passThrough("native.")).isEqualTo(Map.of("linger.ms", "5"));
    }

    /** Kubernetes sets them for Services called anymq, anymq-vendor and anymq-names. */
    @Test
    void variablesOfKubernetesServicesAreIgnored() {
        Map<String, String> environment = new HashMap<>();
        for (String service : List.of("ANYMQ", "ANYMQ_VENDOR", "ANYMQ_NAMES", "ANYMQ_RETRY_JITTER", "ANYMQ_FOO")) {
            environment.put(service + "_SERVICE_HOST", "10.0.0.5");
            environment.put(service + "_SERVICE_PORT", "61616");
            environment.put(service + "_SERVICE_PORT_OPENWIRE", "61616");
            environment.put(service + "_PORT", "tcp://10.0.0.5:61616");
            environment.put(service + "_PORT_61616_TCP", "tcp://10.0.0.5:61616");
            environment.put(service + "_PORT_61616_TCP_PROTO", "tcp");
            environment.put(service + "_PORT_61616_TCP_PORT", "61616");
            environment.put(service + "_PORT_61616_TCP_ADDR", "10.0.0.5");
        }
        environment.put("ANYMQ_URL", "vendor:");
        String log = CapturedLog.of(() -> assertThat(read(null, environment, new Properties(), Map.of())
                        .adapter()
                        .scheme())
                .isEqualTo("vendor"));
        assertThat(log).isEmpty();
    }

    @Test
    void reservedKeysAreIgnored() {
        Properties system = new Properties();
        system.setProperty("anymq.test.kafka.url", "kafka://127.0.0.1:9092");
        system.setProperty("anymq.brokers.rabbitmq.home", "/opt/rabbitmq");
        Map<String, String> environment = Map.of(
                "ANYMQ_URL", "vendor:",
                "ANYMQ_TEST_KAFKA_VIA", "process",
                "ANYMQ_BROKERS_MAVEN", "/opt/maven/bin/mvn",
                "ANYMQ_WITHOUT", "rabbitmq",
                "ANYMQ_CLASSPATH", "mine.jar",
                "ANYMQ_JAVA_OPTS", "-Xmx1g",
                "ANYMQ_SIMULATION_LOG", "info");
        assertThat(read(null, environment, system, Map.of()).adapter().scheme()).isEqualTo("vendor");
    }

    @Test
    void theAdapterJudgesPhysicalNames() {
        Map<String, String> code = Map.of("anymq.url", "vendor:", "anymq.names.queue.orders", "orders.placed.v1");
        assertThat(problems(code))
                .singleElement()
                .asString()
                .contains("anymq.names.queue.orders", "orders.placed.v1", "the adapter for vendor");
    }

    @Test
    void aSubscriptionToAnotherTopicsPhysicalNameIsAMistake() {
        assertThat(problems(Map.of(
                        "anymq.url", "vendor:", "anymq.names.topic.a", "b", "anymq.names.subscription.b/s", "x")))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("anymq.names.subscription.b/s", "topic b is the physical name of topic a"));
    }
}
