package io.anymq.bench;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.anymq.bench.report.Outputs;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.run.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the report again. */
@Command(name = "report", description = "Writes the report again from results.json.", mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<folder>",
            description = "Where results.json is. Default: as for run.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws Exception {
        Path from = folder == null ? PlanOptions.defaultFolder() : folder;
        Outputs.write(from, read(from));
        System.out.println(from.resolve(Outputs.REPORT).toAbsolutePath().normalize());
        return ExitCode.OK;
    }

    static Results read(Path folder) throws Exception {
        Path file = Files.isDirectory(folder) ? folder.resolve(Outputs.RESULTS) : folder;
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
}
