package io.anymq.bench.theory;

/** A crash of the broker, shared by the demonstrations that run at the same time. */
public interface Crash {
    /** Waits until all demonstrations are ready, so that none idles while it waits for the crash itself. */
    void ready();

    /** Once all demonstrations have called this, the broker is killed and restarted; returns without waiting for that. */
    void strike();
}
