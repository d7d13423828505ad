package io.anymq.samples.files;

import io.anymq.spi.Lane;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lane for as long as its receiver has the lock on it. Used by the receiver's thread, but for {@link #attempts}. */
final class FilesLane {
    final int index;
    final Lane token;
    boolean paused;

    private final Path messages;
    private final FileLocks.Held ownership;
    private final Journal journal;
    private final Settlements settlements;
    private final Tries tries;
    private long position;
    private volatile boolean owned = true;

    private FilesLane(int index, Path messages, Path reader, FileLocks.Held ownership) throws IOException {
        this.index = index;
        this.messages = messages;
        this.ownership = ownership;
        this.token = new Lane(reader + "#" + index);
        this.journal = new Journal(FilesNames.lane(messages, index));
        this.settlements = new Settlements(reader, index);
        this.tries = new Tries(reader, index);
        this.position = settlements.start();
    }

    /** Null while another receiver has it. */
    static @Nullable FilesLane tryOwn(int index, Path messages, Path reader) throws IOException {
        FileLocks.Held ownership = FileLocks.tryLock(reader.resolve("lane-" + index + ".owner"));
        if (ownership == null) {
            return null;
        }
        FilesLane lane = null;
        try {
            lane = new FilesLane(index, messages, reader, ownership);
            return lane;
        } finally {
            if (lane == null) {
                ownership.close();
            }
        }
    }

    boolean isOwned() {
        return owned;
    }

    /** Adds up to {@code max} messages to {@code out}. */
    void take(int max, List<FilesMessage> out) throws IOException {
        int left = max;
        while (left > 0) {
            Journal.Entry entry = journal.read(position);
            if (entry == null) {
                return;
            }
            position = entry.next();
            if (!settlements.isDone(entry.position())) {
                long number = settlements.take(entry.position());
                out.add(new FilesMessage(this, entry, number, tries.before(entry.position())));
                left--;
            }
        }
    }

    void acknowledge(FilesMessage message) {
        settlements.complete(message.number);
    }

    void attempts(long at, int total) {
        if (owned) {
            tries.write(at, total);
        }
    }

    /** Writes down what was settled, and deletes what every reader is done with. */
    void save() throws IOException {
        long before = settlements.save(position);
        if (before < 0) {
            return;
        }
        if (before == position) {
            tries.allDone();
        }
        journal.deleteBefore(slowestReader(before));
    }

    private long slowestReader(long own) throws IOException {
        long slowest = own;
        try (DirectoryStream<Path> readers = Files.newDirectoryStream(messages.resolve("readers"))) {
            for (Path reader : readers) {
                slowest = Math.min(slowest, new Settlements(reader, index).start());
            }
        }
        return slowest;
    }

    /** After this, somebody else may have it. */
    void giveUp() throws IOException {
        owned = false;
        try (tries;
                journal) {
            save();
        } finally {
            ownership.close();
        }
    }
}
