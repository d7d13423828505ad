package io.anymq.samples.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.tck.direct.Outgoing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private static void append(Journal journal, String... ids) throws IOException {
        try (FileLocks.Held lock = journal.lock()) {
            journal.append(
                    Arrays.stream(ids).map(id -> Outgoing.text(id, null, "body")).toList(), true);
            journal.syncNames();
        }
    }

    private static List<String> ids(Journal journal, long file) throws IOException {
        return journal.read(file).stream()
                .map(message -> message.headers().get("mq-id"))
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".messages"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsAppendedTogetherIsOneFile() throws IOException {
        Journal journal = new Journal(folder);
        append(journal, "a", "b");
        append(journal, "c");
        assertThat(ids(journal, 0)).containsExactly("a", "b");
        assertThat(ids(journal, 1)).containsExactly("c");
        assertThat(journal.has(2)).isFalse();
        assertThat(journal.read(2)).isEmpty();
    }

    @Test
    void twoWritersTakeTurns() throws IOException {
        Journal one = new Journal(folder);
        Journal two = new Journal(folder);
        List<String> read = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            append(i % 2 == 0 ? one : two, "m" + i);
            read.addAll(ids(two, i));
        }
        assertThat(read).isEqualTo(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void theNumbersGoOnAfterADeletionThatAWriterDidNotSee() throws IOException {
        Journal writer = new Journal(folder);
        append(writer, "a");
        Journal other = new Journal(folder);
        append(other, "b");
        append(other, "c");
        Journal reader = new Journal(folder);
        try (FileLocks.Held lock = reader.lock()) {
            assertThat(reader.oldest()).isZero();
            reader.deleteBefore(3);
        }
        assertThat(files()).as("the newest says what comes next").containsExactly("%020d.messages".formatted(2));
        append(writer, "d");
        assertThat(ids(reader, 3)).containsExactly("d");
    }

    @Test
    void whatAWriterLeftThatDiedHalfwayIsOverwritten() throws IOException {
        Files.write(folder.resolve("unnamed"), new byte[10_000]);
        Journal journal = new Journal(folder);
        append(journal, "whole");
        assertThat(ids(journal, 0)).containsExactly("whole");
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Journal journal = new Journal(folder);
        append(journal, "a");
        Path file = folder.resolve(files().get(0));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> journal.read(0))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("restore it, or empty it");
    }
}
