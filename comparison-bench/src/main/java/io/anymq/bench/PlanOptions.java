package io.anymq.bench;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.run.Plan;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.brokers.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what is measured. */
final class PlanOptions {
    private static final int MOST_PAIRS = 100;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--brokers",
            split = ",",
            paramLabel = "<broker>",
            description = "Brokers, separated by commas, or all. Default: inmemory.")
    private List<String> brokers = List.of("inmemory");

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "<scenario>",
            description = "Scenarios, separated by commas. Default: all, in smoke those that take"
                    + " seconds; 'list' shows them.")
    private @Nullable List<String> scenarios;

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "<arm>",
            description = "adapter (through AnyMQ), raw (the vendor's plain client). Default: both.")
    private List<String> arms = List.of(BrokerUnderTest.ADAPTER, BrokerUnderTest.RAW);

    @Option(
            names = "--durability",
            paramLabel = "<what>",
            description = "What a confirmed message survives: process (the broker's process dies) or power (power cut)."
                    + " Default: process.")
    private Durability durability = Durability.PROCESS;

    @Option(
            names = "--profile",
            paramLabel = "<profile>",
            description = "smoke (a minute), quick (2½ minutes a broker), full (15 minutes a broker). Default: smoke.")
    private Profile profile = Profile.SMOKE;

    @Option(
            names = "--pairs",
            paramLabel = "<n>",
            description =
                    "Pairs of the overhead and of the latency at 30 %% load, 1 to 100; a verdict takes 6. Default: as the"
                            + " profile says.")
    private @Nullable Integer pairs;

    @Option(
            names = "--raw",
            paramLabel = "<broker.setting=value>",
            description = "Changes a setting of a raw arm, such as activemq.send.connections=4; may be repeated, and is"
                    + " shown in the report. 'list' shows the settings.")
    private Map<String, String> raw = Map.of();

    @Option(names = "--seed", paramLabel = "<n>", description = "Seed of order, keys and bodies. Default: drawn.")
    private @Nullable Long seed;

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            description =
                    "Where the report goes. Default: target/compare where there is a target, else compare-report.")
    private @Nullable Path out;

    /** The options, checked; throws a usage error if they are invalid. */
    CompareOptions toOptions() {
        List<String> wanted = brokers.equals(List.of("all"))
                ? Brokers.all().stream().map(broker -> broker.name()).toList()
                : brokers;
        int pairCount = pairs == null ? profile.extent().pairs() : pairs;
        if (pairCount < 1 || pairCount > MOST_PAIRS) {
            throw mistake("--pairs must be between 1 and " + MOST_PAIRS + ", but was " + pairCount);
        }
        return new CompareOptions(
                checked("--brokers", wanted, Brokers::named),
                checked("--scenarios", scenarios == null ? Scenarios.namesOf(profile) : scenarios, Scenarios::named),
                checked("--arms", arms, PlanOptions::requireArm),
                durability,
                profile,
                pairCount,
                seed == null ? System.nanoTime() & 0xFFFF_FFFFL : seed,
                out == null ? defaultFolder() : out,
                rawSettings());
    }

    /** The plan; throws a usage error if it is empty. */
    Plan toPlan(CompareOptions wanted) {
        Plan plan = Plan.of(wanted);
        if (plan.size() == 0) {
            throw mistake("nothing to run: of " + String.join(", ", wanted.scenarios()) + " there is no run on "
                    + String.join(", ", wanted.brokers()) + " with " + String.join(", ", wanted.arms())
                    + "; comparing the arms takes both, and killing a broker takes one with its own process");
        }
        return plan;
    }

    private Map<String, Map<String, String>> rawSettings() {
        Map<String, Map<String, String>> byBroker = new LinkedHashMap<>();
        raw.forEach((key, value) -> {
            int dot = key.indexOf('.');
            String broker = dot < 0 ? key : key.substring(0, dot);
            String name = key.substring(dot + 1);
            checked("--raw", List.of(broker), Brokers::named);
            Set<String> known = Brokers.named(broker).vendorSettings(durability).keySet();
            if (!known.contains(name)) {
                throw mistake("--raw: " + broker + " has no setting '" + name + "'; known: "
                        + String.join(", ", new TreeSet<>(known)));
            }
            byBroker.computeIfAbsent(broker, ignored -> new LinkedHashMap<>()).put(name, value);
        });
        return byBroker;
    }

    /** Without duplicates and with every name known. */
    private List<String> checked(String option, List<String> names, Consumer<String> check) {
        if (names.isEmpty()) {
            throw mistake(option + " names nothing");
        }
        for (String name : names) {
            try {
                check.accept(name);
            } catch (IllegalArgumentException e) {
                throw mistake(option + ": " + e.getMessage());
            }
        }
        return new ArrayList<>(new LinkedHashSet<>(names));
    }

    private static void requireArm(String name) {
        if (!name.equals(BrokerUnderTest.ADAPTER) && !name.equals(BrokerUnderTest.RAW)) {
            throw new IllegalArgumentException("no arm is called '" + name + "'; known: adapter, raw");
        }
    }

    private CommandLine.ParameterException mistake(String message) {
        return new CommandLine.ParameterException(
                Objects.requireNonNull(command, "picocli has not filled this in")
                        .commandLine(),
                message);
    }

    static Path defaultFolder() {
        return Files.isDirectory(Path.of("target")) ? Path.of("target", "compare") : Path.of("compare-report");
    }
}
