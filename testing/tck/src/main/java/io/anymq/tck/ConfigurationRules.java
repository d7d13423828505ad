package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.ConfigurationException;
import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConfigModule;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;

/** CFG: configuration and its mistakes. */
final class ConfigurationRules {
    private static ConfigurationException mistakes(TckContext t, UnaryOperator<MessagingClient.Builder> wrong) {
        Throwable thrown = catchThrowable(() -> t.openClient(wrong));
        assertThat(thrown).as("what opening a client throws").isInstanceOf(ConfigurationException.class);
        return (ConfigurationException) thrown;
    }

    @Rule(id = "CFG-1", check = "whether validate() reports every mistake and connects to nothing")
    void allMistakesAtOnce(TckContext t) {
        ConfigurationException failure = mistakes(
                t,
                builder -> builder.set("anymq.producer.max-in-flight", "many")
                        .set("anymq.retry.max-attemps", "3")
                        .set("anymq.consumer.drain-timeout", "30 parsecs")
                        .set("anymq.provision", "perhaps"));
        assertThat(failure.problems()).hasSize(4);
        assertThat(failure)
                .hasMessageContaining("anymq.producer.max-in-flight")
                .hasMessageContaining("anymq.retry.max-attemps")
                .hasMessageContaining("anymq.consumer.drain-timeout")
                .hasMessageContaining("anymq.provision");
        assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION);
    }

    @Rule(id = "CFG-2", check = "whether options() declares every option")
    void unknownKeyNamesTheNearest(TckContext t) {
        assertThat(mistakes(t, builder -> builder.set("anymq.producer.max-inflight", "10")))
                .hasMessageContaining("anymq.producer.max-inflight")
                .hasMessageContaining("anymq.producer.max-in-flight");
        assertThat(mistakes(t, builder -> builder.set("anymq.consumer.concurency", "10")))
                .hasMessageContaining("anymq.consumer.concurrency");
    }

    @Rule(id = "CFG-3", check = "nothing in the adapter")
    void badValueSaysWhatIsLegal(TckContext t) {
        assertThat(mistakes(t, builder -> builder.set("anymq.connect-timeout", "soon")))
                .hasMessageContaining("anymq.connect-timeout")
                .hasMessageContaining("soon")
                .hasMessageMatching("(?s).*\\d+(ms|s|m)\\b.*");
        assertThat(mistakes(t, builder -> builder.set("anymq.producer.max-body", "large")))
                .hasMessageContaining("anymq.producer.max-body")
                .hasMessageMatching("(?s).*\\d+\\s*[KM]iB.*");
        assertThat(mistakes(t, builder -> builder.set("anymq.consumer.concurrency", "0")))
                .hasMessageContaining("anymq.consumer.concurrency")
                .hasMessageContaining("10000");
        assertThat(mistakes(t, builder -> builder.set("anymq.dead-letter.then", "explode")))
                .hasMessageContaining("park-key");
    }

    @Rule(id = "CFG-4", check = "whether the adapter is registered in META-INF/services")
    void unknownSchemeListsTheKnownOnes(TckContext t) {
        String url = t.harness().url();
        String scheme = url.substring(0, url.indexOf(':'));
        Throwable thrown = catchThrowable(() -> t.closing(
                MessagingClient.builder().url("nosuchbroker://localhost").open()));
        assertThat(thrown).isInstanceOf(MessagingException.class);
        assertThat(((MessagingException) thrown).code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(thrown).hasMessageContaining("nosuchbroker").hasMessageContaining(scheme);
    }

    @Rule(id = "CFG-5", check = "nothing in the adapter", alone = true)
    void nearestSourceWins(TckContext t) throws Exception {
        Path file = Files.createTempFile("anymq-tck", ".properties");
        String property = "anymq.producer.max-in-flight";
        try {
            Files.write(
                    file, List.of(property + "=11", "anymq.producer.max-block=1500ms", "anymq.producer.max-body=2KiB"));
            System.setProperty(property, "22");
            System.setProperty("anymq.producer.max-block", "2500ms");
            MessagingClient client =
                    t.openClient(builder -> builder.configFile(file).set(property, "33"));
            assertThat(client.producerOptions().maxInFlight()).as("code").isEqualTo(33);
            assertThat(client.producerOptions().maxBlock())
                    .as("system property")
                    .isEqualTo(Duration.ofMillis(2_500));
            assertThat(client.producerOptions().maxBodyBytes()).as("file").isEqualTo(2_048);
        } finally {
            System.clearProperty(property);
            System.clearProperty("anymq.producer.max-block");
            Files.delete(file);
        }
    }

    @Rule(id = "CFG-6", check = "nothing in the adapter")
    void settingsOfOthersAreIgnored(TckContext t) throws Exception {
        String url = t.harness().url();
        MessagingClient client = t.openClient(builder -> {
            for (String other : List.of("kafka", "rabbitmq", "rocketmq", "activemq")) {
                if (!url.startsWith(other + ":")) {
                    builder.set("anymq." + other + ".some-option", "some value");
                }
            }
            return builder;
        });
        var queue = t.queue();
        t.send(client.producer(queue, String.class), Messages.unkeyed(1));
        t.held(queue.name(), 1);
    }

    @Rule(
            id = "CFG-7",
            check = "whether connect() is bounded by connectTimeout and proves that the broker answers",
            faults = Fault.BROKER_DOWN,
            alone = true)
    void openingDoesNotHang(TckContext t) throws Exception {
        t.inject(Fault.BROKER_DOWN);
        long start = System.nanoTime();
        Throwable thrown = catchThrowable(() -> t.openClient(builder -> builder.set("anymq.connect-timeout", "2s")));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        t.heal(Fault.BROKER_DOWN);
        assertThat(thrown).isInstanceOf(MessagingException.class);
        assertThat(((MessagingException) thrown).code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
        assertThat(((MessagingException) thrown).isRetryable()).isTrue();
        assertThat(took).as("time until it failed").isLessThan(Duration.ofSeconds(6));
        assertThat(t.openClient().health(t.patience()).status()).isEqualTo(io.anymq.Health.Status.UP);
    }

    @Rule(id = "CFG-8", check = "what validate() and the translation of errors quote")
    void passwordsDoNotShow(TckContext t) {
        String url = t.harness().url();
        String scheme = url.substring(0, url.indexOf(':'));
        String secret = "hunter2-s3cr3t";
        List<String> urls = List.of(
                scheme + "://user:" + secret + "@no host:port/?nonsense=1",
                scheme + "://user:" + secret + "@localhost:1/%zz",
                "nosuchbroker://user:" + secret + "@localhost");
        for (String bad : urls) {
            Throwable thrown = catchThrowable(() -> t.closing(MessagingClient.builder()
                    .url(bad)
                    .set("anymq.connect-timeout", "1s")
                    .open()));
            assertThat(thrown).as("what " + scheme + " makes of a wrong URL").isInstanceOf(MessagingException.class);
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            assertThat(text.toString()).doesNotContain(secret);
        }
    }

    @Rule(id = "CFG-9", check = "nothing in the adapter")
    void modulesHaveKeysOfTheirOwn(TckContext t) throws Exception {
        ModulesOnTheClassPath.with(List.of(ModulesOnTheClassPath.Letters.class), () -> {
            ConfigurationException failure = mistakes(
                    t,
                    builder -> builder.set("anymq.tck-letters.evry", "2s")
                            .set("anymq.tck-letters.every", "often")
                            .set("anymq.retry.max-attempts", "many"));
            assertThat(failure.problems()).hasSize(3);
            assertThat(failure)
                    .hasMessageContaining("did you mean anymq.tck-letters.every?")
                    .hasMessageContaining("anymq.tck-letters.every = often")
                    .hasMessageContaining("anymq.retry.max-attempts = many");

            MessagingClient client = t.openClient(builder -> builder.set("anymq.tck-letters.every", "1500ms"));
            assertThat(client.config("tck-letters").duration("every")).isEqualTo(Duration.ofMillis(1_500));
            assertThat(client.config("tck-letters").text("paper")).contains("plain");
            var queue = t.queue();
            t.send(client.producer(queue, String.class), Messages.unkeyed(1));
            t.held(queue.name(), 1);
        });
        assertThat(mistakes(t, builder -> builder.set("anymq.tck-letters.every", "2s")))
                .as("without the module")
                .hasMessageContaining("anymq.tck-letters.every")
                .hasMessageContaining("class path");
    }

    @Rule(id = "CFG-10", check = "nothing in the adapter")
    void unusableModulesAreNamed(TckContext t) throws Exception {
        List<Class<? extends ConfigModule>> broken = List.of(
                ModulesOnTheClassPath.OtherLetters.class,
                ModulesOnTheClassPath.Retry.class,
                ModulesOnTheClassPath.Broken.class);
        List<Class<? extends ConfigModule>> all = new ArrayList<>(List.of(ModulesOnTheClassPath.Letters.class));
        all.addAll(broken);
        ModulesOnTheClassPath.with(all, () -> {
            ConfigurationException failure = mistakes(t, builder -> builder.set("anymq.retry.max-attempts", "3"));
            assertThat(failure.problems()).hasSize(broken.size());
            for (Class<?> module : broken) {
                assertThat(failure.problems())
                        .filteredOn(problem -> problem.contains(module.getName()))
                        .as("what is said about %s", module.getSimpleName())
                        .singleElement()
                        .asString()
                        .contains("class path");
            }
        });
    }

    @Rule(id = "CFG-11", check = "nothing in the adapter")
    void absentAdaptersAreNamed(TckContext t) {
        Set<String> present = new HashSet<>();
        ServiceLoader.load(BrokerAdapter.class).forEach(adapter -> present.add(adapter.scheme()));
        for (String scheme : List.of("kafka", "rabbitmq", "rocketmq", "activemq")) {
            // refused in either case: an adapter that is there needs a host
            Throwable thrown = catchThrowable(
                    () -> t.closing(MessagingClient.builder().url(scheme + ":").open()));
            assertThat(thrown).as("what %s: alone leads to", scheme).isInstanceOf(ConfigurationException.class);
            if (!present.contains(scheme)) {
                assertThat(thrown).hasMessageContaining("put io.anymq:anymq-adapter-" + scheme + " on the class path");
            }
        }
    }
}
