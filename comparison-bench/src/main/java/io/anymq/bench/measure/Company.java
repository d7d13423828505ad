package io.anymq.bench.measure;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Crash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Demonstrations that are played side by side, or a single one; all live through the same crash of the broker. */
final class Company {
    private static final Logger LOG = LoggerFactory.getLogger(Company.class);
    private static final long PATIENCE_SECONDS = 60;

    private final List<Path> specFiles;
    private final CyclicBarrier ready;
    private final CyclicBarrier strike;

    Company(List<Path> specFiles) {
        this.specFiles = specFiles;
        ready = new CyclicBarrier(specFiles.size());
        strike = new CyclicBarrier(specFiles.size(), () -> Markers.say(Markers.KILL));
    }

    void play() throws Exception {
        if (specFiles.size() == 1) {
            Markers.say(Markers.BEGIN);
            play(specFiles.get(0));
            Markers.say(Markers.END);
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(specFiles.size());
        try {
            List<Callable<Void>> plays = new ArrayList<>();
            for (Path file : specFiles) {
                plays.add(() -> {
                    play(file);
                    return null;
                });
            }
            for (Future<Void> play : threads.invokeAll(plays)) {
                play.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** A run that fails takes none of the others along. */
    private void play(Path file) throws IOException {
        RunSpec spec = Json.read(file, RunSpec.class);
        RunResult result;
        try {
            result = new DemonstrationRun(spec, (Load.Theory) spec.load(), new Together()).run();
        } catch (Exception e) {
            LOG.warn("{} {} failed", spec.scenario(), spec.parameters(), e);
            ready.reset();
            strike.reset();
            result = spec.result().voided("it ended with " + e).build();
        }
        Json.write(Worker.resultOf(file), result);
    }

    private final class Together implements Crash {
        @Override
        public void ready() {
            await(ready);
        }

        @Override
        public void strike() {
            await(strike);
        }

        private void await(CyclicBarrier all) {
            try {
                all.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("the other one was not ready for the broker to be killed", e);
            }
        }
    }
}
