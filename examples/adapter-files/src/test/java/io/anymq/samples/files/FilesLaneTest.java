package io.anymq.samples.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.tck.direct.Outgoing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FilesLaneTest {
    @TempDir
    Path folder;

    private Path messages;
    private Path reader;
    private Path state;
    private Journal journal;

    @BeforeEach
    void twoFilesOfTwo() throws IOException {
        messages = folder.resolve("orders");
        reader = messages.resolve("readers").resolve("queue");
        state = Files.createDirectories(FilesNames.lane(reader, 0));
        journal = new Journal(Files.createDirectories(FilesNames.lane(messages, 0)));
        append("a", "b");
        append("c", "d");
    }

    private void append(String... ids) throws IOException {
        try (FileLocks.Held lock = journal.lock()) {
            journal.append(
                    List.of(ids).stream().map(id -> Outgoing.text(id, null, "body")).toList(), true);
        }
    }

    private static List<String> taken(FilesLane lane) throws IOException {
        List<String> taken = new ArrayList<>();
        lane.fill();
        lane.buffer().forEach(message -> taken.add(message.id() + "#" + message.deliveryCount()));
        return taken;
    }

    /** A stopped process holds the lock for ever; waiting for it takes ten seconds. */
    @Test
    @Timeout(5)
    void aSenderThatHoldsTheLaneStopsNoReader() throws IOException {
        try (FileLocks.Held stopped = FileLocks.lock(FilesNames.lane(messages, 0).resolve("lock"))) {
            FilesLane lane = new FilesLane(messages, reader, 0);
            assertThat(taken(lane)).containsExactly("a#1", "b#1");
            lane.save();
            lane.deleteDone();
        }
    }

    @Test
    void aTornCountOfAttemptsIsNone() throws IOException {
        Files.write(state.resolve("attempts-0"), new byte[] {0, 0, 0, 3, 0, 0});
        assertThat(taken(new FilesLane(messages, reader, 0))).containsExactly("a#4", "b#1");
    }

    @Test
    void anEmptiedFileIsSkipped() throws IOException {
        Path first = FilesNames.lane(messages, 0).resolve("00000000000000000000.messages");
        assertThat(first).exists();
        Files.write(first, new byte[0]);
        FilesLane lane = new FilesLane(messages, reader, 0);
        assertThat(taken(lane)).isEmpty();
        assertThat(taken(lane)).containsExactly("c#1", "d#1");
    }
}
