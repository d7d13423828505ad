package io.anymq.clientversions;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.ChildJvm;
import io.anymq.brokers.LocalBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same application with the clients that each platform brings, on every broker. */
class ClientVersionsIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private record Run(int exit, List<String> output) {}

    private static ChildJvm start(Platform platform, String... args) {
        return ChildJvm.of(SmokeApplication.class)
                .classPath(platform.classPath())
                .jvmOptions("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .args(args)
                .start();
    }

    private static Run finished(ChildJvm application) {
        return new Run(application.awaitExit(LIMIT), application.output());
    }

    /** All of them at once, each with names of its own: they wait for the broker more than they compute. */
    @ParameterizedTest
    // The platforms here have no adapter for PostgreSQL, whose driver an application chooses for its database.
    @EnumSource(value = BrokerKind.class, mode = EnumSource.Mode.EXCLUDE, names = "POSTGRESQL")
    void theApplicationRunsOnEveryPlatform(BrokerKind kind) {
        SoftAssertions all = new SoftAssertions();
        Map<Platform, ChildJvm> applications = new LinkedHashMap<>();
        try (LocalBroker running = AvailableBroker.start(kind)) {
            Platform.supported()
                    .forEach(platform -> applications.put(
                            platform,
                            start(platform, running.url(), platform.name().replace('.', '-'))));
            applications.forEach((platform, application) -> {
                Run run = finished(application);
                all.assertThat(run.output())
                        .as("%s on %s ended with %d", kind.scheme(), platform.name(), run.exit())
                        .contains("PASSED");
                all.assertThat(run.exit()).isZero();
            });
        } finally {
            applications.values().forEach(ChildJvm::close);
        }
        all.assertAll();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka,    kafka-clients 3.7.2,    kafka.version",
        "rabbitmq, amqp-client 5.20.0,     rabbit-amqp-client.version",
        "activemq, activemq-client 6.0.1,  activemq.version",
        "rocketmq, rocketmq-client 5.3.1,  rocketmq.version"
    })
    void aClientThatIsTooOldIsRefusedWithTheCure(String scheme, String found, String property) {
        Run run;
        try (ChildJvm application = start(new Platform("too-old"), scheme + "://127.0.0.1:1", "too-old")) {
            run = finished(application);
        }
        assertThat(run.exit()).isNotZero();
        assertThat(run.output())
                .anySatisfy(line -> assertThat(line)
                        .contains("ConfigurationException", found + " is on the class path", "or newer", property));
    }

    /** A change here changes what every application gets: look at it, then at {@code libraries.txt}. */
    @Test
    void whatApplicationsResolveIsWhatIsTested() throws IOException {
        assertThat(new Platform("newest").libraries())
                .isEqualTo(Files.readAllLines(Path.of("platforms/newest/libraries.txt")));
    }
}
