package io.anymq.samples.files;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.time.Duration;
import java.util.List;

/** The options under {@code anymq.files.}. Immutable. */
final class FilesConfig {
    private static final String LANES = "lanes";
    private static final String SYNC = "sync";
    private static final String POLL = "poll-interval";

    private final ConnectionContext context;

    FilesConfig(ConnectionContext context) {
        this.context = context;
    }

    static List<ConfigOption> options() {
        return List.of(
                ConfigOption.number(
                        LANES, 8, 1, 1_000, "number of streams of a created queue or topic; always 1 with total order"),
                ConfigOption.flag(SYNC, true, "whether a confirmed message is on the disk, not only with the system"),
                ConfigOption.duration(POLL, "5ms", 1, 1_000, "how often an idle receiver checks for messages"));
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    int lanes() {
        return (int) context.config().number(LANES);
    }

    boolean sync() {
        return context.config().flag(SYNC);
    }

    Duration pollInterval() {
        return context.config().duration(POLL);
    }
}
