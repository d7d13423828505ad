package io.anymq.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFileTest {
    private static final String HEAD = "{\"format\":\"anymq-history\",\"version\":1}\n";
    private static final String EVENT =
            "{\"process\":\"p\",\"n\":0,\"at\":5,\"event\":\"backlogSeen\",\"source\":\"q\",\"messages\":3}\n";

    @TempDir
    private Path folder;

    private static List<Event> oneOfEach() {
        Content content = new Content("ke\"y\\\u0000\n\u2028\ud83d\ude00\ud800", Long.MIN_VALUE, Long.MAX_VALUE);
        Content keyless = new Content(null, 0, -1);
        return List.of(
                new Event.Sent("p", "d", "i", content, 17),
                new Event.Sent("p", "d", "i", keyless),
                new Event.SendEnded("p", "d", "i", SendOutcome.UNKNOWN),
                new Event.ProducerCrashed("p"),
                new Event.Provisioned("t/s"),
                new Event.HandlerStarted("s", "c", "i", 1, keyless),
                new Event.HandlerEnded("s", "c", "i", Integer.MAX_VALUE, true),
                new Event.OutputPublished("s", "c", "i", 1, "d", "o", content),
                new Event.OutputConfirmed("s", "c", "i", "d", "o"),
                new Event.Settled("s", "c", ""),
                new Event.DuplicateSkipped("s", "c", "i"),
                new Event.DeadLettered("s", "c", "i", 5, "MAX_ATTEMPTS"),
                new Event.DeadLetterFound("s", "i", content, 5, "MAX_ATTEMPTS"),
                new Event.Redriven("s", "i"),
                new Event.EffectApplied("s", "i"),
                new Event.FaultBegan("f", null),
                new Event.FaultBegan("f", "c"),
                new Event.FaultHealed("f"),
                new Event.ConsumerOpened("s", "c"),
                new Event.ConsumerClosing("s", "c"),
                new Event.ConsumerClosed("s", "c", false),
                new Event.ConsumerCrashed("s", "c"),
                new Event.BacklogSeen("s", Long.MAX_VALUE));
    }

    private Path write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("history.jsonl"), bytes);
    }

    @Test
    void everyEventSurvivesTheRoundTrip() throws IOException {
        Path file = folder.resolve("h.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.toFile("process \u00e4", file)) {
            oneOfEach().forEach(recorder::record);
        }
        History read = HistoryFile.read(file);

        assertThat(read.entries().stream().map(Entry::event)).isEqualTo(oneOfEach());
        Set<Class<?>> seen = new HashSet<>();
        read.entries().forEach(entry -> seen.add(entry.event().getClass()));
        assertThat(seen).containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
        Path copy = folder.resolve("copy.jsonl");
        HistoryFile.write(read, copy);
        assertThat(HistoryFile.read(copy).entries()).isEqualTo(read.entries());
        assertThat(copy).hasSameTextualContentAs(file);
    }

    @Test
    void linesSurviveTheRoundTrip() throws IOException {
        List<String> lines = new ArrayList<>();
        HistoryRecorder recorder = HistoryRecorder.toLines("child", System::nanoTime, lines::add);
        oneOfEach().forEach(recorder::record);

        assertThat(HistoryFile.parseLines(lines).entries().stream().map(Entry::event))
                .isEqualTo(oneOfEach());
        lines.set(3, "Exception in thread main");
        assertThatThrownBy(() -> HistoryFile.parseLines(lines))
                .isInstanceOfSatisfying(
                        HistoryFormatException.class, e -> assertThat(e.line()).isEqualTo(4));
    }

    @Test
    void fileOfAKilledProcessIsReadUpToWhereItWasCut() throws IOException {
        Path file = write(HEAD + EVENT + EVENT.replace("\"n\":0", "\"n\":1").substring(0, 60));

        assertThat(HistoryFile.readKilled(file).size()).isEqualTo(1);
        assertThatThrownBy(() -> HistoryFile.read(file))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessageEndingWith("line 3: the line is cut off");
    }

    /** However many bytes of a file are left, reading it strictly fails with a line, and leniently it never fails. */
    @Test
    void everyTruncationIsNoticed() throws IOException {
        Path whole = folder.resolve("whole.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.toFile("p", whole)) {
            oneOfEach().forEach(recorder::record);
        }
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Path cut = write(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> HistoryFile.read(cut)).isInstanceOf(HistoryFormatException.class);
            assertThat(HistoryFile.readKilled(cut).size())
                    .isLessThanOrEqualTo(oneOfEach().size());
        }
    }

    /** No damage leads to anything but a history or the typed error. */
    @Test
    void damageIsATypedError() throws IOException {
        byte[] good = (HEAD + EVENT + "{\"end\":1}\n").getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            Path file = write(bad);
            try {
                assertThat(HistoryFile.read(file).size()).isLessThanOrEqualTo(1);
            } catch (HistoryFormatException e) {
                assertThat(e.line()).isBetween(1L, 5L);
                assertThat(e).hasMessageContaining("history.jsonl, line ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"process":"p","n":0,"at":5,"event":"settled","source":"q","consumer":"c"}|the field id is missing
                    {"process":"p","n":0,"at":5,"event":"vanished"}|unknown event "vanished"
                    {"process":"p","n":0,"at":5,"event":"provisioned","source":"q","colour":"red"}|no field "colour"
                    {"process":"p","n":"0","at":5,"event":"provisioned","source":"q"}|the field n is not a long
                    {"process":"p","n":0,"at":5.5,"event":"provisioned","source":"q"}|expected }
                    {"process":"p","n":0,"n":1,"at":5,"event":"provisioned","source":"q"}|duplicate field "n"
                    {"process":"p","n":0,"at":99999999999999999999,"event":"provisioned","source":"q"}|64 bits
                    {"process":"p","n":0,"at":5,"event":"provisioned","source":"q"} x|unexpected text after the object
                    {"process":"p","n":0,"at":5,"event":"provisioned","source":"\\x"}|unknown escape sequence
                    {"process":"p","n":0,"at":5,"event":"provisioned","source":"\\u12"}|four hexadecimal digits
                    {"process":"p","n":0,"at":5,"event":"provisioned","source":["q"]}|expected a string
                    null|expected {
                    """)
    void malformedLineIsNamed(String line, String problem) throws IOException {
        Path file = write(HEAD + EVENT + line + "\n{\"end\":2}\n");

        assertThatThrownBy(() -> HistoryFile.read(file))
                .isInstanceOfSatisfying(
                        HistoryFormatException.class, e -> assertThat(e.line()).isEqualTo(3))
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> HistoryFile.readKilled(file)).isInstanceOf(HistoryFormatException.class);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> HistoryFile.read(write("")))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessageContaining("line 1: the file is empty");
        assertThatThrownBy(() -> HistoryFile.read(write("a,b,c\n"))).hasMessageContaining("not a history file");
        assertThatThrownBy(() -> HistoryFile.read(write(HEAD.replace("1}", "2}"))))
                .hasMessageContaining("the version must be 1, but was 2");
        assertThatThrownBy(() -> HistoryFile.read(write(HEAD + EVENT + "{\"end\":2}\n")))
                .hasMessageContaining("counts 2 events, but the file has 1");
        assertThatThrownBy(() -> HistoryFile.read(write(HEAD + EVENT + "{\"end\":1}\n" + EVENT)))
                .hasMessageContaining("unexpected text after the end mark");
        assertThatThrownBy(() -> HistoryFile.read(write(HEAD + EVENT + EVENT + "{\"end\":2}\n")))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessageContaining("two entries with number 0");
    }

    @Test
    void existingFileIsNotOverwritten() throws IOException {
        Path file = write("precious");

        assertThatThrownBy(() -> HistoryRecorder.toFile("p", file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("precious");
    }
}
