package io.anymq.bench;

import io.anymq.bench.run.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Compares brokers through one API. Without a command it is {@code run}.
 *
 * <p>Exit codes: 0 all is well; 1 a broker or a run is missing; 2 something was lost, repeated or out of order; 3 too noisy
 * to say; 4 a goal missed (with {@code --strict}); 64 the command line makes no sense; 130 interrupted.
 */
@Command(
        name = "compare",
        description = "Measures brokers side by side through one API, and the cost of that API.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            ReportCommand.class,
            PlanCommand.class,
            DoctorCommand.class,
            ListCommand.class,
            CompareCommand.class
        },
        footer = {
            "",
            "Without a command it is 'run'; without options, a smoke test of the embedded broker.",
            "./compare --with <class path> also measures your own brokers: jars and folders separated by colons.",
            "Exit codes: 0 success, 1 a broker or a run is missing, 2 messages lost, duplicated or out of order,",
            "3 too noisy to tell, 4 a goal missed (with --strict), 64 invalid usage, 130 interrupted."
        })
public final class Main {
    private static final Set<String> OF_ITS_OWN = Set.of("-h", "--help", "-V", "--version");

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command and returns its exit code. */
    static int execute(String... args) {
        return commandLine().execute(withCommand(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("compare: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            return ExitCode.INCOMPLETE;
        });
        for (CommandLine each : all(line)) {
            each.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
        }
        return line;
    }

    private static List<CommandLine> all(CommandLine line) {
        List<CommandLine> all = new ArrayList<>(line.getSubcommands().values());
        all.add(line);
        return all;
    }

    private static String[] withCommand(String[] args) {
        boolean hasCommand = args.length > 0 && (!args[0].startsWith("-") || OF_ITS_OWN.contains(args[0]));
        if (hasCommand) {
            return args;
        }
        List<String> withRun = new ArrayList<>(List.of("run"));
        withRun.addAll(Arrays.asList(args));
        return withRun.toArray(String[]::new);
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
