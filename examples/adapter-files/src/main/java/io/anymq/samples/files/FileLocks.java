package io.anymq.samples.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks that the operating system gives back when a process dies, however it dies. It gives them to processes, so within
 * this one a set says who has what; and it takes them back when <i>any</i> channel to the file is closed, so a file that is
 * locked here is opened once. Thread-safe.
 */
final class FileLocks {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private FileLocks() {}

    /** A lock that is held until it is closed. */
    static final class Held implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Held(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The descriptor is gone in any case, and the lock with it.
                HELD.remove(file);
                return;
            }
            HELD.remove(file);
        }
    }

    /** The lock on {@code file}, or null while somebody else has it. */
    static @Nullable Held tryLock(Path file) throws IOException {
        if (!HELD.add(file)) {
            return null;
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            locked = channel.tryLock() != null;
            return locked ? new Held(file, channel) : null;
        } finally {
            if (!locked) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(file);
            }
        }
    }

    /** Whether somebody has it, here or in another process; deletes the file of one that died. */
    static boolean isHeld(Path file) throws IOException {
        Held mine = tryLock(file);
        if (mine == null) {
            return true;
        }
        try {
            Files.deleteIfExists(file);
            return false;
        } finally {
            mine.close();
        }
    }
}
