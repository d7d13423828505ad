package io.anymq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.report.Outputs;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way, with runs of a second: what comes out must be there and be correct; how fast it was is not asked. */
class ComparisonIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"inmemory", "kafka", "activemq", "artemis"})
    @Timeout(240)
    void aBrokerAgainstItsOwnClient(String broker) throws Exception {
        compare(broker);
    }

    @Test
    @Tag("rabbitmq")
    @Timeout(240)
    void rabbitMqAgainstItsOwnClient() throws Exception {
        compare("rabbitmq");
    }

    private void compare(String broker) throws Exception {
        int exit = Main.execute(
                "run",
                "--brokers=" + broker,
                "--scenarios=overhead,async-response",
                "--pairs=1",
                "--seed=1",
                "--out=" + folder);

        Results results = Json.read(folder.resolve(Outputs.RESULTS), Results.class);
        assertThat(results.brokers())
                .singleElement()
                .satisfies(info -> assertThat(info.reason()).isNull());
        assertThat(results.runs()).hasSize(5).allSatisfy(run -> {
            assertThat(run.reason()).isNull();
            assertThat(run.messages().sent())
                    .isPositive()
                    .isEqualTo(run.messages().confirmed())
                    .isEqualTo(run.messages().received());
            assertThat(run.incorrect()).isFalse();
            assertThat(run.usage().brokerCpuSeconds() == null).isEqualTo(broker.equals("inmemory"));
        });
        assertThat(results.runs()).extracting(RunResult::arm).contains("adapter", "raw");
        assertThat(results.runs())
                .filteredOn(run -> run.scenario().equals("overhead"))
                .hasSize(2)
                .allSatisfy(run -> {
                    assertThat(run.rate()).isPositive();
                    assertThat(run.latency().total()).isNotNull();
                    assertThat(run.usage().client().cpuSeconds()).isPositive();
                    assertThat(run.allocatedPerMessage()).isPositive();
                });
        assertThat(results.comparisons())
                .filteredOn(comparison -> comparison.metric().equals("throughput"))
                .singleElement()
                .satisfies(comparison -> assertThat(comparison.pairs()).isEqualTo(1));
        assertThat(folder.resolve(Outputs.REPORT)).isNotEmptyFile();
        assertThat(exit).isZero();
    }
}
