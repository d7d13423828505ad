package io.anymq.samples.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final long SMALL = 1_000;

    @TempDir
    Path folder;

    private static byte[] message(String id) {
        return Frame.encode(new Frame(id, null, "text/plain", Map.of(), 1, 0, new byte[100]));
    }

    private static List<String> ids(List<Frame> frames) {
        return frames.stream().map(Frame::id).toList();
    }

    @Test
    void readsWhatWasAppendedAcrossFiles() throws IOException {
        List<String> sent = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        try (Journal writer = new Journal(folder);
                Journal reader = new Journal(folder)) {
            List<String> read = new ArrayList<>();
            long position = 0;
            for (String id : sent) {
                writer.append(List.of(message(id)), SMALL, false);
                Journal.Entry entry = reader.read(position);
                assertThat(entry).isNotNull();
                read.add(entry.frame().id());
                position = entry.next();
                assertThat(reader.read(position)).isNull();
            }
            assertThat(read).isEqualTo(sent);
            assertThat(files()).hasSizeGreaterThan(3);
            reader.deleteBefore(position);
            assertThat(files()).hasSize(1);
            assertThat(writer.end()).isEqualTo(position);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aMessageWhoseWriterDiedHalfwayIsReplacedByTheNext() throws IOException {
        try (Journal writer = new Journal(folder)) {
            writer.append(List.of(message("whole")), SMALL, true);
        }
        byte[] torn = message("torn");
        Files.write(files().get(0), java.util.Arrays.copyOf(torn, torn.length - 1), StandardOpenOption.APPEND);
        try (Journal journal = new Journal(folder)) {
            assertThat(ids(journal.all())).containsExactly("whole");
        }
        try (Journal other = new Journal(folder)) {
            other.append(List.of(message("next")), SMALL, true);
            assertThat(ids(other.all())).containsExactly("whole", "next");
        }
    }

    @Test
    void twoWritersTakeTurns() throws IOException {
        try (Journal one = new Journal(folder);
                Journal two = new Journal(folder)) {
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? one : two).append(List.of(message("m" + i)), SMALL, false);
            }
            assertThat(ids(one.all()))
                    .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
        }
    }
}
