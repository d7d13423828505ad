package io.anymq.brokers;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A broker was launched and did not become ready; the message ends with the last lines of its log. */
public final class BrokerStartException extends LocalBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Path logFile;

    BrokerStartException(String message, @Nullable Path logFile, @Nullable Throwable cause) {
        super(message, cause);
        this.logFile = logFile;
    }

    /**
     * The whole log, kept on disk after the failure.
     *
     * @return the file, or empty if the broker has no log file on this machine
     */
    public Optional<Path> logFile() {
        return Optional.ofNullable(logFile);
    }
}
