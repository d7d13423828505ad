package io.anymq.bench.run;

import com.sun.management.OperatingSystemMXBean;
import io.anymq.MessagingClient;
import io.anymq.bench.result.Results.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Describes the machine and the software. Stateless. */
public final class EnvironmentProbe {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    private EnvironmentProbe() {}

    /** Describes this machine. */
    public static Environment probe() throws IOException, InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<String> cpu = Files.isReadable(CPU) ? Files.readAllLines(CPU) : List.of();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("AnyMQ", version(MessagingClient.class));
        // Its jar is not made by Maven.
        versions.put("kafka-clients", versionIn("/kafka/kafka-version.properties"));
        versions.put("amqp-client", version("com.rabbitmq/amqp-client"));
        versions.put("activemq-client", version("org.apache.activemq/activemq-client"));
        versions.put("rocketmq-client", version("org.apache.rocketmq/rocketmq-client"));
        versions.put("HdrHistogram", version("org.hdrhistogram/HdrHistogram"));
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                field(cpu, "model name").orElse("unknown"),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                System.getProperty("java.vendor") + " " + System.getProperty("java.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                virtualization(cpu),
                ChildJvm.describe(),
                versions);
    }

    private static String version(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("built from source");
    }

    /** From what Maven writes into a jar. */
    private static String version(String groupAndArtifact) throws IOException {
        return versionIn("/META-INF/maven/" + groupAndArtifact + "/pom.properties");
    }

    private static String versionIn(String resource) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = EnvironmentProbe.class.getResourceAsStream(resource)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "unknown");
    }

    private static String virtualization(List<String> cpu) {
        return field(cpu, "flags")
                .map(flags ->
                        (" " + flags + " ").contains(" hypervisor ") ? "virtual machine" : "no virtualization seen")
                .orElse("virtualization unknown");
    }

    private static Optional<String> field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst();
    }
}
