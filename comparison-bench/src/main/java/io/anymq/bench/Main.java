package io.anymq.bench;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.report.Outputs;
import io.anymq.bench.report.Summary;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.run.Checkup;
import io.anymq.bench.run.Comparer;
import io.anymq.bench.run.EnvironmentProbe;
import io.anymq.bench.run.ExitCode;
import io.anymq.bench.run.Plan;
import io.anymq.bench.run.Progress;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Interval;
import io.anymq.brokers.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Compares brokers through one API. Each command is a method; without a command it is {@code run}.
 *
 * <p>Exit codes: 0 all is well; 1 a broker or a run is missing; 2 something was lost, repeated or out of order; 3 too noisy
 * to say; 4 a goal missed (with {@code --strict}); 64 the command line makes no sense; 130 interrupted.
 */
@Command(
        name = "compare",
        description = "Measures brokers side by side through one API, and the cost of that API.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Without a command it is 'run'; without options, a smoke test of the embedded broker.",
            "./compare --with <class path> also measures your own brokers: jars and folders separated by colons.",
            "Exit codes: 0 success, 1 a broker or a run is missing, 2 messages lost, duplicated or out of order,",
            "3 too noisy to tell, 4 a goal missed (with --strict), 64 invalid usage, 130 interrupted."
        })
public final class Main {
    private static final Set<String> WITHOUT_A_COMMAND = Set.of("-h", "--help", "-V", "--version");
    private static final int SECONDS_TO_WRAP_UP = 40;

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command and returns its exit code. */
    static int execute(String... args) {
        boolean hasCommand = args.length > 0 && (!args[0].startsWith("-") || WITHOUT_A_COMMAND.contains(args[0]));
        return commandLine()
                .execute(
                        hasCommand
                                ? args
                                : Stream.concat(Stream.of("run"), Arrays.stream(args))
                                        .toArray(String[]::new));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("compare: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            return ExitCode.INCOMPLETE;
        });
        Stream.concat(Stream.of(line), line.getSubcommands().values().stream())
                .forEach(each -> each.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE));
        return line;
    }

    private static void print(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format, arguments);
    }

    @Command(
            description = "Measures and writes the report. Ctrl-C keeps what was measured.",
            mixinStandardHelpOptions = true)
    int run(
            @Mixin PlanOptions options,
            @Option(names = "--strict", description = "Exit with 4 if a goal is missed.") boolean strict)
            throws Exception {
        CompareOptions wanted = options.toOptions();
        requireWritable(wanted.out());
        Plan plan = options.toPlan(wanted);
        Progress progress = new Progress(System.err, Progress.isTerminal(), plan.size(), plan.estimatedSeconds());
        progress.say(plan.size() + " runs, about " + Progress.duration(plan.estimatedSeconds()) + "; profile "
                + wanted.profile() + ", seed " + wanted.seed());
        Comparer comparer = new Comparer(wanted, plan, progress);
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> wrapUp(comparer, written), "bench-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        Results results;
        try {
            comparer.run();
        } finally {
            try {
                results = comparer.results(EnvironmentProbe.probe());
                Outputs.write(wanted.out(), results);
                progress.say("report: " + page(wanted.out()));
            } finally {
                written.countDown();
            }
        }
        if (!results.plan().interrupted()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        System.out.println(Summary.render(results));
        return ExitCode.of(results, strict);
    }

    /** Found out now, not when an hour has been spent. */
    private static void requireWritable(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
        } catch (IOException e) {
            throw new IllegalArgumentException("--out: cannot write to " + folder + ": " + e, e);
        }
    }

    /** Runs when the JVM is told to end: the measuring thread still writes what there is. */
    private static void wrapUp(Comparer comparer, CountDownLatch written) {
        comparer.interrupt();
        try {
            if (!written.await(SECONDS_TO_WRAP_UP, TimeUnit.SECONDS)) {
                System.err.println("compare: the report could not be finished in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path page(Path folder) {
        return folder.resolve(Outputs.REPORT).toAbsolutePath().normalize();
    }

    @Command(description = "Writes the report again from results.json.", mixinStandardHelpOptions = true)
    int report(
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "<folder>",
                            description = "Where results.json is. Default: as for run.")
                    @Nullable
                    Path folder)
            throws IOException {
        Path from = folder == null ? PlanOptions.defaultFolder() : folder;
        Outputs.write(from, Outputs.read(from));
        print("%s%n", page(from));
        return ExitCode.OK;
    }

    @Command(
            description = "Shows the runs that would be made, in order, and how long they take.",
            mixinStandardHelpOptions = true)
    int plan(@Mixin PlanOptions options) {
        CompareOptions wanted = options.toOptions();
        Plan plan = options.toPlan(wanted);
        int number = 0;
        for (String broker : plan.byBroker().keySet()) {
            print("%s, about %s%n", broker, Progress.duration(plan.estimatedSeconds(broker)));
            for (PlannedRun run : plan.byBroker().get(broker)) {
                print("%4d  %-8s %-15s %s%n", ++number, run.arm(), run.scenario(), run.parameters());
            }
        }
        String time = Progress.duration(plan.estimatedSeconds());
        print("%d runs, about %s; seed %d%n", plan.size(), time, wanted.seed());
        return ExitCode.OK;
    }

    @Command(
            description =
                    "Checks processors, timer, disk and noise, and that each broker starts with the settings claimed.",
            mixinStandardHelpOptions = true)
    int doctor(@Mixin PlanOptions options) throws Exception {
        return Checkup.of(options.toOptions(), System.out) ? ExitCode.OK : ExitCode.INCOMPLETE;
    }

    @Command(description = "Shows brokers and scenarios.", mixinStandardHelpOptions = true)
    int list() {
        print("Brokers%n");
        for (BrokerUnderTest broker : Brokers.all()) {
            print("  %-16s %s; raw: %s%n", broker.name(), broker.title(), broker.rawTitle());
            broker.vendorSettings(Durability.PROCESS)
                    .forEach((name, value) -> print("  %-16s   --raw %s.%s=%s%n", "", broker.name(), name, value));
        }
        Brokers.adaptersWithoutSettings()
                .forEach(scheme -> print(
                        "  %-16s an adapter without a BrokerUnderTest, so it cannot be compared; docs/benchmark.md shows how"
                                + " to write one%n",
                        scheme));
        print("Scenarios%n");
        Scenarios.all().forEach(scenario -> print("  %-16s %s%n", scenario.name(), scenario.claim()));
        return ExitCode.OK;
    }

    /** Absolute figures of two occasions are not comparable. */
    @Command(
            description = "Sets the adapter/raw ratios of two comparisons side by side; absolute figures are left out,"
                    + " since they depend on the day.",
            mixinStandardHelpOptions = true)
    int compare(
            @Parameters(index = "0", paramLabel = "<A>", description = "A folder with results.json, or such a file.")
                    Path first,
            @Parameters(index = "1", paramLabel = "<B>", description = "Another one.") Path second)
            throws IOException {
        Map<String, Comparison> before = byName(first);
        Map<String, Comparison> after = byName(second);
        print("%-46s %-24s %-24s %s%n", "ratio adapter/raw", "A", "B", "intervals");
        before.forEach((name, a) -> {
            Comparison b = after.get(name);
            if (b != null) {
                print("%-46s %-24s %-24s %s%n", name, text(a), text(b), relation(a.ratio(), b.ratio()));
            }
        });
        return ExitCode.OK;
    }

    private static Map<String, Comparison> byName(Path folder) throws IOException {
        Map<String, Comparison> byName = new LinkedHashMap<>();
        for (Comparison comparison : Outputs.read(folder).comparisons()) {
            byName.put(comparison.broker() + " " + comparison.metric() + " " + comparison.parameters(), comparison);
        }
        return byName;
    }

    private static String text(Comparison comparison) {
        Interval ratio = comparison.ratio();
        return ratio == null
                ? "not measured"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f-%.2f, %d)",
                        ratio.median(),
                        ratio.low(),
                        ratio.high(),
                        comparison.pairs());
    }

    private static String relation(@Nullable Interval before, @Nullable Interval after) {
        if (before == null || after == null) {
            return "";
        }
        boolean apart = before.high() < after.low() || after.high() < before.low();
        return apart ? "apart: changed" : "overlap: no change shown";
    }

    /** The version from the jar, if it is one. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"AnyMQ comparison " + (version == null ? "(built from source)" : version)};
        }
    }
}
