package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {
    private static final long STEP = 100_000_000L;

    private long now = 7;
    private long ended;

    /** So many seconds in which {@code perSecond} messages end, and more could be started or not. */
    private void run(Window window, int seconds, int perSecond, boolean limits) {
        for (int step = 0; step < 10 * seconds; step++) {
            step(window, perSecond, limits);
        }
    }

    private void step(Window window, int perSecond, boolean limits) {
        if (limits) {
            window.limits();
        }
        now += STEP;
        ended += perSecond / 10;
        window.look(now, ended);
    }

    private Window window(int least, int start, int most) {
        Window window = new Window(least, start, most);
        window.look(now, ended);
        return window;
    }

    @Test
    void beginsBetweenItsBounds() {
        assertThat(new Window(16, 32, 1_000).size()).isEqualTo(32);
        assertThat(new Window(200, 32, 1_000).size()).isEqualTo(200);
        assertThat(new Window(16, 32, 10).size()).isEqualTo(10);
    }

    @Test
    void growsByTwiceAtATimeWhileItLimits() {
        Window window = window(16, 32, 1_000);
        step(window, 100_000, true);
        assertThat(window.size()).isEqualTo(64);
        step(window, 100_000, true);
        assertThat(window.size()).isEqualTo(128);
        run(window, 1, 100_000, true);
        assertThat(window.size()).isEqualTo(1_000);
    }

    @Test
    void doesNotGrowWhileItDoesNotLimit() {
        Window window = window(16, 32, 1_000);
        run(window, 5, 100_000, false);
        assertThat(window.size()).isEqualTo(32);
    }

    @Test
    void becomesWhatTheHandlersFinishInASecond() {
        Window window = window(16, 32, 1_000);
        run(window, 20, 200, true);
        assertThat(window.size()).isBetween(190, 200);
        run(window, 20, 50, true);
        assertThat(window.size()).isBetween(50, 52);
        run(window, 20, 400, true);
        assertThat(window.size()).isBetween(390, 400);
    }

    @Test
    void keepsEnoughForSlowHandlersAndWhileThereIsNothingToDo() {
        Window window = window(16, 500, 1_000);
        run(window, 20, 0, false);
        assertThat(window.size()).isEqualTo(16);
        run(window, 20, 0, true);
        assertThat(window.size()).isEqualTo(16);
    }

    @Test
    void growsAtOnceWhereHandlersAreFast() {
        Window window = window(16, 32, 1_000);
        for (int i = 1; i <= 2_000; i++) {
            window.limits();
            window.look(now + 1_000L * i, ended + i);
        }
        assertThat(window.size()).as("after two milliseconds").isEqualTo(1_000);
    }

    @Test
    void doesNotGrowWhereATurnTakesASecond() {
        Window window = window(16, 32, 1_000);
        run(window, 20, 30, true);
        assertThat(window.size()).isBetween(29, 32);
    }
}
