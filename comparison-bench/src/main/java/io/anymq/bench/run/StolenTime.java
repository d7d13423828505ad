package io.anymq.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Seconds since the machine's start, of all processors together; null if they are not counted. */
    static @Nullable Double seconds() {
        try {
            return of(Files.readAllLines(STATISTICS));
        } catch (IOException e) {
            return null;
        }
    }

    static @Nullable Double of(List<String> statistics) {
        return statistics.stream()
                .map(line -> line.split("\\s+"))
                .filter(fields ->
                        fields[0].equals("cpu") && fields.length > STEAL && fields[STEAL].matches("\\d{1,18}"))
                .map(fields -> Long.parseLong(fields[STEAL]) / PER_SECOND)
                .findFirst()
                .orElse(null);
    }
}
