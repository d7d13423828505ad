package io.anymq.bench.report;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a comparison. Stateless. */
public final class Outputs {
    /** The results, from which all other files are written. */
    public static final String RESULTS = "results.json";

    /** The page for people. */
    public static final String REPORT = "report.html";

    private Outputs() {}

    /** Writes all files; the results first, so that a failure in the rest loses nothing. */
    public static void write(Path folder, Results results) throws IOException {
        Files.createDirectories(folder);
        Json.write(folder.resolve(RESULTS), results);
        Json.write(folder.resolve("env.json"), results.environment());
        Files.writeString(folder.resolve("runs.csv"), Csv.runs(results));
        Files.writeString(folder.resolve("timeseries.csv"), Csv.timeSeries(results));
        HdrLogs.write(folder, results);
        Files.writeString(folder.resolve("summary.md"), Summary.render(results));
        Files.writeString(folder.resolve(REPORT), HtmlReport.render(results));
    }
}
