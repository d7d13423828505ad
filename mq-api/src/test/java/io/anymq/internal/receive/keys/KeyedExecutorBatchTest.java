package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks of one key that are gathered to be handled together. */
class KeyedExecutorBatchTest extends OnKeyedExecutor {
    @Test
    void aBatchTakesTheFollowersOfItsKeyInOrder() {
        KeyedExecutor executor = executor(1);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        List<String> handled = new ArrayList<>();
        script.onFlush = batch -> batch.forEach(task -> {
            handled.add(task.id());
            executor.finished(task);
        });
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(handled).containsExactly("m1", "m2", "m3");
    }

    @Test
    void aFailedBatchIsRepeatedInTheOrderOfItsKey() {
        KeyedExecutor executor = executor(4);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        script.onFlush = batch -> {
            submit(executor, "m4", "k");
            for (int i = batch.size() - 1; i >= 0; i--) {
                executor.giveBack(batch.get(i));
            }
        };
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m1", "m2", "m3", "m4");
    }

    @Test
    void aFollowerThatHadToWaitDoesNotRunBesideTheBatchAheadOfIt() {
        KeyedExecutor executor = executor(2);
        script.gather.add("m1");
        script.actions.put("m2", task -> {
            if (task.isFirstRun()) {
                executor.park(task, Duration.ofMillis(100));
            } else {
                executor.finished(task);
            }
        });
        script.onFlush = batch -> {
            // the handler takes long: meanwhile the follower's wait ends, and another thread is free
            time.advance(Duration.ofMillis(100));
            threads.runAll();
            assertThat(script.ran).as("no overlap within a key").containsExactly("m1", "m2");
            batch.forEach(executor::finished);
        };
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m2", "m3");
    }

    @Test
    void outputsOfABatchThatFailAreRepeatedOneAfterAnotherInOrder() {
        KeyedExecutor executor = executor(4);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        List<TestTask> waiting = new ArrayList<>();
        script.onFlush = batch -> batch.forEach(task -> {
            executor.pend(task);
            waiting.add(task);
        });
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        waiting.forEach(executor::unpark);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m1", "m2", "m3");
    }
}
