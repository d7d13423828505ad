package io.anymq.samples.files;

import io.anymq.spi.support.LogLane;
import io.anymq.spi.support.OwnerMark;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A lane for as long as its receiver has the lock on it. Used by the receiver's thread, but for {@link #attempts}. */
final class FilesLane extends LogLane<FilesMessage> {
    private final int index;
    private final Path readers;
    private final Path state;
    private final Journal journal;
    private final long start;
    private long nextFile;
    private long oldestFile;

    FilesLane(Path messages, Path reader, int index) throws IOException {
        super(messages.getFileName() + "-" + index);
        this.index = index;
        readers = reader.getParent();
        state = FilesNames.lane(reader, index);
        journal = new Journal(FilesNames.lane(messages, index));
        Settled left = Settled.read(state);
        start = Math.max(left.offset(), journal.oldest() * Journal.MOST_PER_FILE);
        nextFile = start / Journal.MOST_PER_FILE;
        oldestFile = nextFile;
        begin(start, left.ahead());
    }

    /** Reads the next file, if there is one, when the last one is handed out. */
    void fill() throws IOException {
        if (!buffer().isEmpty() || isPaused()) {
            return;
        }
        boolean followed = journal.has(nextFile + 1) || (!journal.has(nextFile) && journal.newest() > nextFile);
        List<StoredMessage> messages = journal.read(nextFile);
        if (messages.isEmpty() && !followed) {
            return;
        }
        ByteBuffer attempts = attemptsBefore(nextFile);
        for (int i = 0; i < messages.size(); i++) {
            long offset = nextFile * Journal.MOST_PER_FILE + i;
            int before = Integer.BYTES * (i + 1) <= attempts.limit() ? attempts.getInt(Integer.BYTES * i) : 0;
            FilesMessage message = new FilesMessage(this, offset, before + 1, messages.get(i));
            if (offset >= start && take(message)) {
                buffer().add(message);
            }
        }
        nextFile++;
    }

    // ---- attempts: a number for each message of a file, so that one that kills its process is recognized

    private Path attempts(long file) {
        return state.resolve("attempts-" + file);
    }

    private ByteBuffer attemptsBefore(long file) throws IOException {
        Path attempts = attempts(file);
        return ByteBuffer.wrap(Files.exists(attempts) ? Files.readAllBytes(attempts) : new byte[0]);
    }

    /** Written to the system's cache only, which survives the process. */
    @Override
    protected void attempts(long offset, int total) {
        Path attempts = attempts(offset / Journal.MOST_PER_FILE);
        try (RandomAccessFile file = new RandomAccessFile(attempts.toFile(), "rw")) {
            file.seek(offset % Journal.MOST_PER_FILE * Integer.BYTES);
            // one write, so that a crash tears nothing
            file.write(ByteBuffer.allocate(Integer.BYTES).putInt(total).array());
        } catch (IOException e) {
            // an attempt that is not counted is better than one that does not take place
            FilesConnection.LOG.warn("Could not count an attempt of {}: {}; attempts after a crash may be"
                    + " counted too low", lane(), e.toString());
        }
    }

    // ---- settlements

    /** Writes down what was settled. */
    void save() throws IOException {
        OwnerMark mark = progress();
        new Settled(mark.offset(), mark.done()).write(state);
    }

    /** Deletes what every reader is done with, unless the lane is being appended to: then a later save does. */
    void deleteDone() throws IOException {
        long current = committable() / Journal.MOST_PER_FILE;
        if (oldestFile == current) {
            return;
        }
        try (FileLocks.Held lock = journal.tryLock()) {
            if (lock == null) {
                return;
            }
            long slowest = committable();
            for (Path reader : FilesNames.in(readers, "*")) {
                slowest = Math.min(slowest, Settled.read(FilesNames.lane(reader, index)).offset());
            }
            journal.deleteBefore(slowest / Journal.MOST_PER_FILE);
        }
        for (; oldestFile < current; oldestFile++) {
            Files.deleteIfExists(attempts(oldestFile));
        }
    }
}
