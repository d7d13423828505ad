package io.anymq.internal.receive.keys;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task that does what a test says, each time it is run. */
final class TestTask extends KeyedTask {
    private final String id;
    private final @Nullable String key;
    private final Consumer<TestTask> step;
    /** The number of runs, including this one. */
    int runs;

    TestTask(String id, @Nullable String key, Consumer<TestTask> step) {
        super(key);
        this.id = id;
        this.key = key;
        this.step = step;
    }

    @Override
    protected void run() {
        runs++;
        step.accept(this);
    }

    String id() {
        return id;
    }

    @Nullable
    String key() {
        return key;
    }

    /** Whether this run is its first. */
    boolean isFirstRun() {
        return runs == 1;
    }
}
