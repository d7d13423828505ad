package io.anymq.bench.report;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
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

    /** The results in a folder, or in such a file; throws {@link IllegalArgumentException} with the reason if there are none. */
    public static Results read(Path folder) throws IOException {
        Path file = Files.isDirectory(folder) ? folder.resolve(RESULTS) : folder;
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("there is no " + file + "; 'run' writes it");
        }
        try {
            int version = Json.read(file, Version.class).schemaVersion();
            if (version != Results.SCHEMA_VERSION) {
                throw new IllegalArgumentException(file + " has schema version " + version + ", but this version reads "
                        + Results.SCHEMA_VERSION + "; measure again, or use the version of AnyMQ that wrote it");
            }
            return Json.read(file, Results.class);
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw new IllegalArgumentException(
                    file + " holds no results, or not all of them"
                            + (where == null || where.getLineNr() < 1
                                    ? ""
                                    : ": see line " + where.getLineNr() + ", column " + where.getColumnNr()),
                    e);
        }
    }

    /** The schema version, which must be known before the rest can be read; 0 if it is missing. */
    private record Version(int schemaVersion) {}

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
