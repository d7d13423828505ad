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

    /** Flags that silence a newer JDK's warnings about what servers do; an older one would refuse them. */
    static List<String> serverFlags() {
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
            throw new LocalBrokerException("the class path entry of " + OwnedMain.class.getName() + " is unknown");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new LocalBrokerException("cannot use the class path entry " + source.getLocation(), e);
        }
    }
}
