package io.anymq.brokers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The TCP sockets on which processes listen, as Linux reports them. */
final class ListeningSockets {
    private static final String LISTENING = "0A";

    /** The loopback addresses of IPv4 and IPv6, and the former as the latter, in the kernel's notation. */
    private static final List<String> LOOPBACK =
            List.of("0100007F:", "00000000000000000000000001000000:", "0000000000000000FFFF00000100007F:");

    private ListeningSockets() {}

    /** Those of {@code processes} that can be reached from other machines, as {@code address:port} in hexadecimal. */
    static Set<String> open(Stream<ProcessHandle> processes) throws IOException {
        Set<String> open = new TreeSet<>();
        for (ProcessHandle process : processes.toList()) {
            open.addAll(listening(Path.of("/proc", Long.toString(process.pid()))));
        }
        open.removeIf(address -> LOOPBACK.stream().anyMatch(address::startsWith));
        return open;
    }

    private static Set<String> listening(Path process) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            for (Path file : files.toList()) {
                String target = target(file);
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        Set<String> addresses = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            Path file = process.resolve(table);
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 9 && columns[3].equals(LISTENING) && inodes.contains(columns[9])) {
                    addresses.add(columns[1]);
                }
            }
        }
        return addresses;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            // closed in the meantime
            return "";
        }
    }
}
