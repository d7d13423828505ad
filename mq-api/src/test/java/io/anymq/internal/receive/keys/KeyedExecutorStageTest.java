package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tasks whose handlers have returned a stage that ends later, on another thread. */
class KeyedExecutorStageTest extends OnKeyedExecutor {
    @Test
    void anUnfinishedStageKeepsItsWorkersSlot() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1");
        executor.continueWithSlot(() -> executor.finished(staged));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
        submit(executor, "m3", "c");
        threads.runAll();
        assertThat(script.ran).as("the slot came back").containsExactly("m1", "m2", "m3");
    }

    @Test
    void aDefectBehindAStageIsToldAndCostsNoSlot() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.passSlotOn());
        submit(executor, "m1", "a");
        threads.runAll();
        IllegalStateException defect = new IllegalStateException("on purpose");
        executor.continueWithSlot(() -> {
            throw defect;
        });
        threads.runAll();
        assertThat(script.defects).containsExactly(defect);
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void aCloseWaitsForAStageUntilItsDeadline() throws Exception {
        KeyedExecutor executor = executor(2);
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        threads.runAll();
        long start = System.nanoTime();
        executor.awaitIdle(start + 20_000_000);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);

        Thread closer = new Thread(() -> executor.awaitIdle(System.nanoTime() + 60_000_000_000L), "closer");
        closer.start();
        executor.continueWithSlot(() -> executor.finished(staged));
        threads.runAll();
        closer.join(30_000);
        assertThat(closer.isAlive()).isFalse();
    }
}
