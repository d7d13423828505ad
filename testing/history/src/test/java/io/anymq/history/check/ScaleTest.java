package io.anymq.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.Content;
import io.anymq.history.Entry;
import io.anymq.history.Event;
import io.anymq.history.History;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.SimulatedRecorder.Clocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A million events within the heap of a test, and shapes that a quadratic step would not survive. The bounds are far above
 * what it takes, so that a busy computer does not fail them; a quadratic step takes hours.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ScaleTest {
    private static final int MANY = 60_000;
    private static final Expectations EXPECTATIONS = Expectations.builder()
            .queue(Story.ORDERS, SourceRules.of(Order.PER_KEY).recordingSettlements())
            .build();

    private final List<Entry> entries = new ArrayList<>();
    private long at;

    private void add(String process, Event event) {
        entries.add(new Entry(process, entries.size(), at, event));
    }

    private void send(String id, String key) {
        add("main", new Event.Sent("p", Story.ORDERS, id, new Content(key, 1, 2)));
        add("main", new Event.SendEnded("p", Story.ORDERS, id, SendOutcome.CONFIRMED));
    }

    private void start(String consumer, String id, String key, int attempt) {
        add(consumer, new Event.HandlerStarted(Story.ORDERS, consumer, id, attempt, new Content(key, 1, 2)));
    }

    private void end(String consumer, String id, int attempt, boolean succeeded) {
        add(consumer, new Event.HandlerEnded(Story.ORDERS, consumer, id, attempt, succeeded));
    }

    private Report check() {
        return HistoryChecker.check(History.of(entries), EXPECTATIONS);
    }

    @Test
    void aMillionEvents() {
        History history = Simulation.run(1, Clocks.EXACT, true, 120_000);
        assertThat(history.size()).isGreaterThan(1_000_000);

        long begin = System.nanoTime();
        Report report = HistoryChecker.check(history, Simulation.expectations(Clocks.EXACT));
        long took = System.nanoTime() - begin;

        System.out.printf("%,d events in %,d ms%n%s", history.size(), TimeUnit.NANOSECONDS.toMillis(took), report);
        report.requireProven(EnumSet.allOf(Invariant.class));
        assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void oneKey() {
        for (int i = 0; i < MANY; i++) {
            at++;
            send("m" + i, "k");
        }
        for (int i = 0; i < MANY; i++) {
            at++;
            start("c", "m" + i, "k", 1);
            at++;
            end("c", "m" + i, 1, true);
        }
        assertThat(check().having(Verdict.VIOLATED)).isEmpty();
    }

    @Test
    void oneMessageWithManyAttempts() {
        send("m", "k");
        for (int i = 0; i < MANY; i++) {
            at++;
            start("c", "m", "k", 1);
            at++;
            end("c", "m", 1, false);
            add("c", new Event.DeadLettered(Story.ORDERS, "c", "m", 1, "PERMANENT"));
            add("c", new Event.Settled(Story.ORDERS, "c", "m"));
            add("main", new Event.DeadLetterFound(Story.ORDERS, "m", new Content("k", 1, 2), 1, "PERMANENT"));
        }
        assertThat(check().having(Verdict.VIOLATED)).contains(Invariant.I7, Invariant.I14);
    }

    @Test
    void callsThatNeverEnd() {
        send("m", "k");
        for (int i = 0; i < MANY; i++) {
            at++;
            start("c" + i % 3, "m", "k", 1);
        }
        for (int i = 0; i < MANY; i++) {
            end("c" + i % 3, "m", 2, true);
        }
        assertThat(check().having(Verdict.VIOLATED)).contains(Invariant.I6, Invariant.I7);
    }

    @Test
    void everythingAtTheSameTime() {
        for (int i = 0; i < MANY; i++) {
            send("m" + i, "k");
            start("c" + i % 7, "m" + i, "k", 1);
            end("c" + i % 7, "m" + i, 1, true);
            add("c" + i % 7, new Event.Settled(Story.ORDERS, "c" + i % 7, "m" + i));
        }
        assertThat(check().having(Verdict.VIOLATED)).isEmpty();
    }

    @Test
    void manyFaults() {
        for (int i = 0; i < MANY; i++) {
            at++;
            send("m" + i, "k" + i % 100);
            add("main", new Event.FaultBegan("f" + i, i % 2 == 0 ? null : "c"));
            at++;
            start("c", "m" + i, "k" + i % 100, 1);
            end("c", "m" + i, 1, true);
            add("c", new Event.Settled(Story.ORDERS, "c", "m" + i));
            add("main", new Event.FaultHealed("f" + i));
        }
        assertThat(check().having(Verdict.VIOLATED)).isEmpty();
    }
}
