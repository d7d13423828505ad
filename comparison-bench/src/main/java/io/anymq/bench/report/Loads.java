package io.anymq.bench.report;

import io.anymq.bench.result.RunResult;

/** What kind of load a run had. Stateless. */
final class Loads {
    private static final int FULL_WINDOW = 1_000;
    private static final int USUAL_BYTES = 1_024;

    private Loads() {}

    /** A closed window with bodies of the usual size; other sizes are a question of their own. */
    static boolean isClosed(RunResult run) {
        Object bytes = run.parameters().get("payloadBytes");
        return run.parameters().get("window") instanceof Number
                && (bytes == null || (bytes instanceof Number number && number.intValue() == USUAL_BYTES));
    }

    /** As many under way as this benchmark allows. */
    static boolean isFull(RunResult run) {
        return isClosed(run)
                && run.parameters().get("window") instanceof Number window
                && window.intValue() == FULL_WINDOW;
    }
}
