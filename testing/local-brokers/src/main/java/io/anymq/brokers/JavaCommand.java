package io.anymq.brokers;

import io.anymq.brokers.launch.OwnedMain;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** Command lines for child JVMs of the same Java installation. */
final class JavaCommand {
    private JavaCommand() {}

    static String executable() {
        String name = File.separatorChar == '\\' ? "java.exe" : "java";
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** The flags of a server's JVM. */
    static List<String> serverFlags(Tuning tuning, int heapMegabytes) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xms64m");
        flags.add("-Xmx" + heapMegabytes + "m");
        if (tuning == Tuning.QUICK_START) {
            flags.add("-XX:+UseSerialGC");
            flags.add("-XX:TieredStopAtLevel=1");
        }
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.addAll(quietFlags());
        return flags;
    }

    /** The flags of a server's JVM whose log goes through SLF4J's simple provider: with the time of day. */
    static List<String> loggingServerFlags(BrokerOptions options) {
        List<String> flags = serverFlags(options.tuning(), options.heapMegabytes());
        flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
        flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
        return flags;
    }

    /** The command line of a JVM, for reports. */
    static String description(List<String> flags) {
        return "java " + Runtime.version() + " " + String.join(" ", flags);
    }

    /** Flags that silence a newer JDK's warnings about what servers do; an older one would refuse them. */
    private static List<String> quietFlags() {
        return Runtime.version().feature() >= 24
                ? List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                : List.of();
    }

    /** {@code java <flags> -cp <classPath> OwnedMain <main> <args>}. */
    static List<String> owned(List<String> flags, String classPath, String main, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(executable());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.add(OwnedMain.class.getName());
        command.add(main);
        command.addAll(args);
        return command;
    }

    /** The jar or folder that holds the launchers. */
    static Path launchers() {
        CodeSource source = OwnedMain.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new LocalBrokerException(
                    "the class path entry of " + OwnedMain.class.getName() + " cannot be determined");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new LocalBrokerException("cannot use the class path entry " + source.getLocation(), e);
        }
    }
}
