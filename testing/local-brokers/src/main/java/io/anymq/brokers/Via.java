package io.anymq.brokers;

import java.util.Arrays;
import java.util.Locale;

/** The ways to get hold of a broker, in the order in which they are tried. */
public enum Via {
    /** An external broker, given by its URL. It is never stopped, and no fault can be injected. */
    EXTERNAL,
    /** A container, where a Docker engine answers and Testcontainers is on the class path. */
    TESTCONTAINERS,
    /** A separate process on this machine, its class path resolved by Maven. */
    PROCESS;

    /**
     * Finds a way by its name, for example {@code "process"}; case does not matter.
     *
     * @param name the name
     * @return the way
     * @throws LocalBrokerException if there is no such way; the message lists the known ones
     */
    public static Via of(String name) {
        return Arrays.stream(values())
                .filter(via -> via.name().equals(name.trim().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new LocalBrokerException(
                        "'" + name + "' is not a valid way to get a broker; use external, testcontainers or process"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
