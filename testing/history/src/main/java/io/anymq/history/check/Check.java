package io.anymq.history.check;

/** Looks for violations of one invariant. Without state; runs in time that grows no faster than n log n. */
interface Check {
    Invariant invariant();

    void run(Index index, Findings findings);
}
