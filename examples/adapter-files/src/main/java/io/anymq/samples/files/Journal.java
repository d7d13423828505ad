package io.anymq.samples.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.anymq.spi.WireMessage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one lane. Messages sent together become one numbered file, which appears whole or not at all. An
 * offset is the number of the file times {@link #MOST_PER_FILE}, plus the place in the file. Used by one thread.
 */
final class Journal {
    static final int MOST_PER_FILE = 1_000;
    private static final String SUFFIX = ".messages";
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private final Path folder;
    private long newest = -1;
    private long oldest;

    Journal(Path folder) {
        this.folder = folder;
    }

    /** Keeps other processes from appending and deleting. */
    FileLocks.Held lock() throws IOException {
        return FileLocks.lock(folder.resolve("lock"));
    }

    FileLocks.@Nullable Held tryLock() throws IOException {
        return FileLocks.tryLock(folder.resolve("lock"));
    }

    private Path file(long number) {
        return folder.resolve("%020d".formatted(number) + SUFFIX);
    }

    private TreeSet<Long> numbers() throws IOException {
        TreeSet<Long> numbers = new TreeSet<>();
        for (Path file : FilesNames.in(folder, "*" + SUFFIX)) {
            numbers.add(Long.parseLong(file.getFileName().toString().replace(SUFFIX, "")));
        }
        return numbers;
    }

    /** The number of the oldest file, or of the first there will be. While others delete, it may be gone. */
    long oldest() throws IOException {
        TreeSet<Long> numbers = numbers();
        oldest = numbers.isEmpty() ? 0 : numbers.first();
        return oldest;
    }

    /** The number of the newest file, −1 before the first. While others append, there may be a newer one. */
    long newest() throws IOException {
        if (newest < 0 || !has(newest)) {
            TreeSet<Long> numbers = numbers();
            newest = numbers.isEmpty() ? -1 : numbers.last();
        }
        while (has(newest + 1)) {
            newest++;
        }
        return newest;
    }

    /** Appends all of them or, if it throws, none. The caller holds the lock. */
    void append(List<? extends WireMessage> messages, boolean sync) throws IOException {
        Path unnamed = folder.resolve("unnamed");
        try (FileChannel channel = FileChannel.open(unnamed, CREATE, WRITE, TRUNCATE_EXISTING);
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16))) {
            for (WireMessage message : messages) {
                StoredMessage.write(message, out);
            }
            out.flush();
            if (sync) {
                channel.force(true);
            }
        }
        Files.move(unnamed, file(newest() + 1), ATOMIC_MOVE);
    }

    /** Makes the names of files as durable as their content. */
    void syncNames() throws IOException {
        if (!WINDOWS) { // which writes them through and does not open folders
            try (FileChannel names = FileChannel.open(folder, READ)) {
                names.force(true);
            }
        }
    }

    /** Whether there is a file of this number; then there was one of every lower number. */
    boolean has(long number) throws IOException {
        try {
            Files.readAttributes(file(number), BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false; // any other error must not pass for a deleted file
        }
    }

    /** The messages of a file, oldest first; empty if there is no such file. */
    List<StoredMessage> read(long number) throws IOException {
        Path file = file(number);
        List<StoredMessage> messages = new ArrayList<>();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return messages;
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            while (in.available() > 0) {
                messages.add(StoredMessage.read(in));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged: restore it, or empty it to go on without its messages", e);
        }
        return messages;
    }

    /** Deletes older files than this, but not the newest, which says what comes next. The caller holds the lock. */
    void deleteBefore(long number) throws IOException {
        for (long end = Math.min(number, newest()); oldest < end; oldest++) {
            Files.deleteIfExists(file(oldest));
        }
    }
}
