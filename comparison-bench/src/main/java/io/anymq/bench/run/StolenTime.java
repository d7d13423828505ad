package io.anymq.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Processor time that a virtual machine wanted and its host gave to others, as Linux counts it: the one disturbance of a
 * measurement that no process on the machine has caused. Stateless.
 */
final class StolenTime {
    private static final Path STATISTICS = Path.of("/proc/stat");

    /** The kernel reports hundredths of a second (proc(5), USER_HZ). */
    private static final double PER_SECOND = 100;

    private static final int STEAL = 8;

    private StolenTime() {}

    /** Seconds since the machine's start, of all processors together; empty if they are not counted. */
    static OptionalDouble seconds() {
        try {
            return of(Files.readAllLines(STATISTICS));
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    static OptionalDouble of(List<String> statistics) {
        for (String line : statistics) {
            String[] fields = line.split("\\s+");
            if (fields[0].equals("cpu") && fields.length > STEAL && fields[STEAL].matches("\\d{1,18}")) {
                return OptionalDouble.of(Long.parseLong(fields[STEAL]) / PER_SECOND);
            }
        }
        return OptionalDouble.empty();
    }
}
