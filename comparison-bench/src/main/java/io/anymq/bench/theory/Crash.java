package io.anymq.bench.theory;

/** A crash of the broker that several demonstrations live through together. */
public interface Crash {
    /** Waits until all are ready, so that none stands still while it waits for the crash itself. */
    void ready();

    /** Has the broker killed, and started again meanwhile, when all are here; returns at once then. */
    void strike();
}
