package io.anymq.bench.result;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker that was asked for, whether or not it was available.
 *
 * @param name such as {@code kafka}
 * @param title for people
 * @param rawTitle what the raw arm is
 * @param available whether it ran
 * @param reason why it did not, or null
 * @param via how it was obtained: embedded, process, testcontainers, external
 * @param version the server's version, or null
 * @param launch one line on how it ran
 * @param guarantee what a confirm guaranteed in this comparison
 * @param settings both arms side by side
 * @param serverSettings what the server was given
 */
public record BrokerInfo(
        String name,
        String title,
        String rawTitle,
        boolean available,
        @Nullable String reason,
        @Nullable String via,
        @Nullable String version,
        @Nullable String launch,
        String guarantee,
        List<Setting> settings,
        Map<String, String> serverSettings) {
    /** One row of the parity table. */
    public record Setting(String name, String adapter, String raw) {
        /** From {@code name | both arms} or {@code name | through AnyMQ | raw arm}. */
        public static Setting of(String row) {
            String[] cells = row.split(" \\| ");
            return new Setting(cells[0], cells[1], cells[cells.length - 1]);
        }

        /** The same on both sides. */
        public static Setting both(String name, String value) {
            return new Setting(name, value, value);
        }
    }
}
