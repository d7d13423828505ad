package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.OpenTelemetryAgent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application under OpenTelemetry's agent, whose exporter writes each span to the log. */
@Timeout(180)
class WithAgentIT {
    private static final Pattern SPAN =
            Pattern.compile("'([^']+)' : ([0-9a-f]{32}) [0-9a-f]{16} [A-Z]+ \\[tracer: ([^:]+):");

    /** One span of the log. */
    private record Exported(String name, String trace, String tracer) {}

    @TempDir
    private Path folder;

    private List<Exported> run(String... switches) throws IOException, InterruptedException {
        String agent = new File(OpenTelemetryAgent.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getPath();
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-javaagent:" + agent,
                "-Dotel.traces.exporter=console",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none"));
        command.addAll(List.of(switches));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AgentApplication.class.getName()));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isZero();
        return SPAN.matcher(output)
                .results()
                .map(span -> new Exported(span.group(1), span.group(2), span.group(3)))
                .toList();
    }

    @Test
    void theAgentAddsASecondSpanUntilItsSwitchIsSet() throws Exception {
        List<Exported> doubled = run();
        assertThat(doubled)
                .filteredOn(span -> span.name().equals("orders publish"))
                .extracting(Exported::tracer)
                .containsExactlyInAnyOrder("io.anymq", "io.opentelemetry.kafka-clients-0.11");

        List<Exported> single = run("-Dotel.instrumentation.kafka.enabled=false");
        assertThat(single)
                .extracting(Exported::name)
                .containsExactlyInAnyOrder("orders publish", "orders process", "orders settle");
        assertThat(single).extracting(Exported::tracer).containsOnly("io.anymq");
        assertThat(single.stream().map(Exported::trace).distinct())
                .as("the agent's context of executors is no parent")
                .hasSize(1);
    }
}
