package io.anymq.samples.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.LaneLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Locks that the operating system frees when a process dies, however it dies. It grants them to processes, so within
 * this one a set says which are held; and it frees them when <i>any</i> channel to the file is closed, so a held file
 * is not opened again. Thread-safe.
 */
final class FileLocks {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final long BETWEEN_TRIES_NANOS = 200_000;
    private static final Set<Path> HELD = new HashSet<>();

    private FileLocks() {}

    /** Locks as files of a folder. */
    static LaneLocks in(Path folder) {
        return new LaneLocks() {
            @Override
            public @Nullable Held tryLock(String name) {
                return FilesTranslator.get("locking " + name, () -> FileLocks.tryLock(folder.resolve(name + ".lock")));
            }

            @Override
            public boolean isLocked(String name) {
                return FilesTranslator.get("checking " + name, () -> FileLocks.isHeld(folder.resolve(name + ".lock")));
            }
        };
    }

    /** A lock that is held until it is closed. */
    record Held(Path file, FileChannel channel) implements LaneLocks.Held {
        @Override
        public void close() {
            synchronized (HELD) {
                HELD.remove(file);
                try {
                    channel.close();
                } catch (IOException e) {
                    FilesConnection.LOG.debug("Could not close {}; its lock is free nevertheless", file, e);
                }
            }
        }
    }

    /** The lock on {@code file}, or null while another owner has it. */
    static @Nullable Held tryLock(Path file) throws IOException {
        synchronized (HELD) {
            if (HELD.contains(file)) {
                return null;
            }
            FileChannel channel = FileChannel.open(file, CREATE, WRITE);
            try {
                if (channel.tryLock() != null) {
                    HELD.add(file);
                    return new Held(file, channel);
                }
            } finally {
                if (!HELD.contains(file)) {
                    channel.close();
                }
            }
            return null;
        }
    }

    /** Waits for the lock, at most 10 s: others hold it for one write. */
    static Held lock(Path file) throws IOException {
        Deadline deadline = Deadline.after(LONGEST_WAIT);
        while (!deadline.passed() && !Thread.currentThread().isInterrupted()) {
            Held held = tryLock(file);
            if (held != null) {
                return held;
            }
            // the system has no wait with a time-out
            LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
        }
        throw new IOException("another process is using " + file);
    }

    /** Whether any process has the lock. */
    static boolean isHeld(Path file) throws IOException {
        synchronized (HELD) {
            if (HELD.contains(file)) {
                return true;
            }
            try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
                // shared, so that two processes that look at once do not take each other for the owner
                return channel.tryLock(0, Long.MAX_VALUE, true) == null;
            }
        }
    }
}
