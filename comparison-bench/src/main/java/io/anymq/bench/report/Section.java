package io.anymq.bench.report;

import io.anymq.bench.result.Results;

/** One part of the report. Stateless. */
interface Section {
    /** Its anchor. */
    String id();

    /** Its heading. */
    String title();

    /** Writes what is below the heading; nothing if there is nothing to say. */
    void write(Html out, Results results);
}
