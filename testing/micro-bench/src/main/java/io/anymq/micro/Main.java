package io.anymq.micro;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.profile.JavaFlightRecorderProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures in rounds: in each one every item has its own JVM, in a new random order, so that a machine that grows
 * slower treats all alike. Results are written after each JVM.
 */
@Command(
        name = "micro",
        description = "Measures the engine's hot paths and compares them with other ways to pass a message"
                + " within a JVM.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes micro.md, micro.json (JMH's format) and jmh.log after each JVM, so that Ctrl-C keeps the"
                    + " results so far,",
            "and prints micro.md at the end.",
            "Exit codes: 0 success, 1 nothing was measured, 2 a message was lost, repeated or out of order,",
            "4 a goal was missed (with --strict), 64 wrong usage."
        })
public final class Main implements Callable<Integer> {
    private static final int NOTHING_MEASURED = 1;
    private static final int INCORRECT = 2;
    private static final int GOAL_MISSED = 4;
    private static final int USAGE = 64;

    /** A JVM's start and end, beside its iterations. */
    private static final Duration AROUND = Duration.ofMillis(1_500);

    @Option(names = "--profile", description = "quick (8 minutes, the default) or full (36 minutes)")
    private Profile profile = Profile.QUICK;

    @Option(
            names = "--only",
            description = "measure only items whose title matches this regular expression, such as AnyMQ")
    private Pattern only = Pattern.compile("");

    @Option(names = "--seed", description = "seed of the order within the rounds")
    private @Nullable Long seed;

    @Option(names = "--out", description = "folder of the results; default: ${DEFAULT-VALUE}")
    private Path out = Path.of("target", "micro");

    @Option(names = "--strict", description = "fail if a goal is missed")
    private boolean strict;

    @Option(
            names = "--hot-spots",
            description =
                    "run each item once more with Flight Recorder: threads, methods and allocations go to hot-spots.md,"
                            + " the recordings to recordings")
    private boolean hotSpots;

    private final Map<Item, Figure> figures = new LinkedHashMap<>();

    /** Runs and exits. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getCommandSpec().exitCodeOnInvalidInput(USAGE);
        return line;
    }

    @Override
    public Integer call() throws IOException {
        for (Item item : Item.all()) {
            if (only.matcher(item.title()).find()) {
                figures.put(item, new Figure(item));
            }
        }
        long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
        List<List<Item>> rounds = rounds(drawn);
        Files.createDirectories(out);
        String circumstances = circumstances(drawn);
        measure(rounds, circumstances);
        System.out.println(Files.readString(out.resolve("micro.md")));
        if (hotSpots) {
            record();
        }
        return exitCode();
    }

    private List<List<Item>> rounds(long drawn) {
        Random random = new Random(drawn);
        List<List<Item>> rounds = new ArrayList<>();
        for (int round = 0; round < profile.rounds; round++) {
            List<Item> items = new ArrayList<>();
            for (Item item : figures.keySet()) {
                if (item.peer() != null || round < profile.partRounds) {
                    items.add(item);
                }
            }
            Collections.shuffle(items, random);
            rounds.add(items);
        }
        return rounds;
    }

    private void measure(List<List<Item>> rounds, String circumstances) throws IOException {
        Duration left = rounds.stream().flatMap(List::stream).map(this::timeOf).reduce(Duration.ZERO, Duration::plus);
        write(circumstances);
        try (PrintStream log =
                new PrintStream(Files.newOutputStream(out.resolve("jmh.log")), true, StandardCharsets.UTF_8)) {
            OutputFormat format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
            for (int round = 0; round < rounds.size(); round++) {
                for (Item item : rounds.get(round)) {
                    System.err.printf(
                            Locale.ROOT,
                            "round %d of %d, %s left: %s … ",
                            round + 1,
                            rounds.size(),
                            human(left),
                            item.title());
                    left = left.minus(timeOf(item));
                    System.err.println(measure(item, format));
                    write(circumstances);
                }
            }
        }
    }

    /** Beside the figures, not in them: a recording costs time, too. */
    private void record() throws IOException {
        StringBuilder report = new StringBuilder("# Hot spots\n\n");
        try (PrintStream log =
                new PrintStream(Files.newOutputStream(out.resolve("hot-spots.log")), true, StandardCharsets.UTF_8)) {
            OutputFormat format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
            for (Figure figure : figures.values()) {
                Item item = figure.item();
                System.err.println("recording: " + item.title());
                Path folder = out.resolve("recordings").resolve(item.title().replaceAll("[^A-Za-z0-9]+", "-"));
                Files.createDirectories(folder);
                Options options = options(item)
                        .addProfiler(JavaFlightRecorderProfiler.class, "dir=" + folder.toAbsolutePath())
                        .build();
                try {
                    new Runner(options, format).run();
                    report.append(Hotspots.below(folder).report(item.title(), figure.allocatedBytes()));
                } catch (RunnerException e) {
                    report.append("## ")
                            .append(item.title())
                            .append("\n\n")
                            .append(why(e))
                            .append("\n\n");
                }
                Files.writeString(out.resolve("hot-spots.md"), report);
            }
        }
        System.out.println(report);
    }

    private ChainedOptionsBuilder options(Item item) {
        return item.options()
                .forks(1)
                .jvmArgs("-Xms1g", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                .warmupIterations(profile.warmups(item))
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(profile.iterations)
                .measurementTime(TimeValue.seconds(profile.secondsEach))
                .shouldFailOnError(true);
    }

    private Duration timeOf(Item item) {
        return Duration.ofSeconds(profile.warmups(item) + (long) profile.iterations * profile.secondsEach)
                .plus(AROUND);
    }

    private static String human(Duration time) {
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    /** Measures an item in a new JVM; returns a line for the log. */
    private String measure(Item item, OutputFormat format) {
        Figure figure = Objects.requireNonNull(figures.get(item));
        Options options = options(item).addProfiler(GCProfiler.class).build();
        try {
            figure.add(new Runner(options, format).run());
        } catch (RunnerException e) {
            figure.fail(why(e));
        }
        Estimate throughput = figure.throughput();
        return throughput == null
                ? "void: " + figure.flaw()
                : String.format(Locale.ROOT, "%,.0f/s so far, %,.0f B", throughput.value(), figure.allocatedBytes());
    }

    /** The innermost cause, because JMH wraps the benchmark's exception. */
    private static String why(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        for (Throwable suppressed : innermost.getSuppressed()) {
            return why(suppressed);
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    private void write(String circumstances) throws IOException {
        Files.writeString(out.resolve("micro.md"), Report.of(figures.values(), circumstances));
        List<RunResult> results = figures.values().stream()
                .map(Figure::result)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        ResultFormatFactory.getInstance(
                        ResultFormatType.JSON, out.resolve("micro.json").toString())
                .writeOut(results);
    }

    private String circumstances(long drawn) {
        return String.format(
                Locale.ROOT,
                "%s; profile %s (%d JVMs for each peer, each %d s of warm-up, servers %d s, and %d × %d s), seed"
                        + " %d; %s %s, %s %s, %d"
                        + " processors",
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                profile,
                profile.rounds,
                profile.warmups,
                profile.serverWarmups,
                profile.iterations,
                profile.secondsEach,
                drawn,
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    }

    private int exitCode() {
        if (figures.values().stream().anyMatch(figure -> figure.flaw() != null)) {
            return INCORRECT;
        }
        if (figures.values().stream().allMatch(figure -> figure.result() == null)) {
            return NOTHING_MEASURED;
        }
        return strict && Report.missesAGoal(figures.values()) ? GOAL_MISSED : 0;
    }
}
