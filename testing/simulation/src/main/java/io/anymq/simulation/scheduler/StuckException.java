package io.anymq.simulation.scheduler;

/**
 * The simulated program did not finish: no thread can run, or it runs for ever. The message shows where each thread is.
 */
public final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StuckException(String message) {
        super(message, null, false, false);
    }
}
