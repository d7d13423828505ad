package io.anymq.internal.config;

import static io.anymq.internal.config.VendorConfig.problems;
import static io.anymq.internal.config.VendorConfig.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ConfigurationException;
import io.anymq.MessagingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told about a configuration that is wrong: all at once, with its origin and the cure. */
class ConfigMistakesTest {
    @TempDir
    Path folder;

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
    void anUnknownOptionOfAnAdapterThatIsHereListsItsOptions() {
        assertThat(problems(Map.of("anymq.url", "vendor:?somethingQuiteDifferent=1")))
                .singleElement()
                .asString()
                .endsWith("(anymq.url): the options of anymq.vendor.* are mode, native.*, partitions, token");
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
    void aFrameworksOriginStandsInTheError() {
        MessagingClient.Builder builder = MessagingClient.builder()
                .set("anymq.retry.max-attempts", "none", "application.yaml, line 3")
                .set("anymq.retry.max-attemps", "3", "application.yaml, line 4")
                .set("anymq.producer.retry", "perhaps");

        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, builder::open);

        assertThat(e.problems())
                .anyMatch(problem ->
                        problem.startsWith("anymq.retry.max-attempts = none (application.yaml, line 3) must be"))
                .anyMatch(
                        problem -> problem.startsWith("unknown key anymq.retry.max-attemps (application.yaml, line 4)"))
                .anyMatch(problem -> problem.startsWith("anymq.producer.retry = perhaps (code) must be"));
    }
}
