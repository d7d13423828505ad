package io.anymq.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryRecorderTest {
    private static final Event EVENT = new Event.Provisioned("q");

    @Test
    void threadsRecordInOneOrder() throws InterruptedException {
        HistoryRecorder recorder = HistoryRecorder.inMemory("p");
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    recorder.record(new Event.BacklogSeen("thread-" + number, i));
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join(30_000);
        }
        History history = recorder.history();

        assertThat(history.size()).isEqualTo(80_000);
        Map<String, AtomicLong> next = new HashMap<>();
        for (Entry entry : history.entries()) {
            Event.BacklogSeen event = (Event.BacklogSeen) entry.event();
            assertThat(event.messages())
                    .isEqualTo(next.computeIfAbsent(event.source(), key -> new AtomicLong())
                            .getAndIncrement());
        }
    }

    @Test
    void mergeOrdersByTimeAndKeepsEachProcessInItsOrder() {
        AtomicLong clock = new AtomicLong(10);
        HistoryRecorder a = HistoryRecorder.inMemory("a", clock::get);
        HistoryRecorder b = HistoryRecorder.inMemory("b", clock::get);
        b.record(EVENT);
        a.record(EVENT);
        a.record(EVENT);
        clock.set(11);
        b.record(EVENT);
        a.record(EVENT);

        History merged = History.merge(List.of(b.history(), a.history()));
        assertThat(merged.entries().stream().map(entry -> entry.process() + entry.sequence()))
                .containsExactly("a0", "a1", "b0", "a2", "b1");
        assertThat(merged.get(0).isBefore(merged.get(1), 0)).isTrue();
        assertThat(merged.get(1).isBefore(merged.get(2), 0)).isFalse();
        assertThat(merged.get(2).isBefore(merged.get(1), 0)).isFalse();
        assertThat(merged.get(2).isBefore(merged.get(3), 0)).isTrue();
        assertThat(merged.get(2).isBefore(merged.get(3), 1)).isFalse();
    }

    @Test
    void twoProcessesOfOneNameAreRefused() {
        HistoryRecorder a = HistoryRecorder.inMemory("same", () -> 1);
        HistoryRecorder b = HistoryRecorder.inMemory("same", () -> 1);
        a.record(EVENT);
        b.record(EVENT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> History.merge(List.of(a.history(), b.history())))
                .withMessageContaining("give every recorder its own process name");
    }

    @Test
    void clockThatRunsBackwardsIsRefused() {
        AtomicLong clock = new AtomicLong(10);
        HistoryRecorder recorder = HistoryRecorder.inMemory("p", clock::getAndDecrement);
        recorder.record(EVENT);
        recorder.record(EVENT);

        assertThatIllegalArgumentException()
                .isThrownBy(recorder::history)
                .withMessageContaining("its clock ran backwards");
    }

    @Test
    void closedRecorderTakesNothing(@TempDir Path folder) throws Exception {
        HistoryRecorder recorder = HistoryRecorder.toFile("p", folder.resolve("h"));
        recorder.record(EVENT);
        recorder.close();
        recorder.close();

        assertThatIllegalStateException().isThrownBy(() -> recorder.record(EVENT));
        assertThatIllegalStateException().isThrownBy(recorder::history);
        assertThat(HistoryFile.read(folder.resolve("h")).size()).isEqualTo(1);
    }

    @Test
    void whatWasRecordedIsInTheFileBeforeItIsClosed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("h");
        try (HistoryRecorder recorder = HistoryRecorder.toFile("p", file)) {
            recorder.record(EVENT);

            assertThat(HistoryFile.readKilled(file).size()).isEqualTo(1);
        }
    }

    @Test
    void contentTellsDamageFromOrderOfHeaders() {
        byte[] body = {1, 2, 3};
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("a", "1");
        headers.put("b", "2");
        Map<String, String> reversed = new LinkedHashMap<>();
        reversed.put("b", "2");
        reversed.put("a", "1");
        reversed.put("mq-dead-reason", "PERMANENT");
        Content content = Content.of("k", body, headers);

        assertThat(Content.of("k", body, reversed)).isEqualTo(content);
        assertThat(Content.of("k", new byte[] {1, 3, 2}, headers)).isNotEqualTo(content);
        assertThat(Content.of("k", body, Map.of("a", "2", "b", "1"))).isNotEqualTo(content);
        assertThat(Content.of("k", body, Map.of("a", "1"))).isNotEqualTo(content);
        assertThat(Content.of("k", body, Map.of("1", "a", "2", "b"))).isNotEqualTo(content);
        assertThat(Content.of(null, body, headers)).isNotEqualTo(content);
        assertThat(Content.of("k", new byte[0])).isNotEqualTo(Content.of("k", new byte[1]));
    }
}
