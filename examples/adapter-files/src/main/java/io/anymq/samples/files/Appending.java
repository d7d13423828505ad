package io.anymq.samples.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The right to append to a lane: one thread of this process, and one process of this computer. */
final class Appending implements AutoCloseable {
    private static final Map<Path, ReentrantLock> WITHIN_PROCESS = new ConcurrentHashMap<>();
    private static final long BETWEEN_TRIES_NANOS = 200_000;
    private static final long LONGEST_SECONDS = 10;

    private final ReentrantLock within;
    private final FileLocks.Held across;

    private Appending(ReentrantLock within, FileLocks.Held across) {
        this.within = within;
        this.across = across;
    }

    /** Waits for it, at most 10 s. */
    static Appending lock(Path lane) throws IOException {
        ReentrantLock within = WITHIN_PROCESS.computeIfAbsent(lane, folder -> new ReentrantLock());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        try {
            if (!within.tryLock(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw busy(lane);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting to append").initCause(e);
        }
        FileLocks.Held across = null;
        try {
            Path file = lane.resolve("append.lock");
            for (across = FileLocks.tryLock(file); across == null; across = FileLocks.tryLock(file)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw busy(lane);
                }
                // the system has no wait with a time-out; others hold it for one write
                LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
            }
            return new Appending(within, across);
        } finally {
            if (across == null) {
                within.unlock();
            }
        }
    }

    private static IOException busy(Path lane) {
        return new IOException("another process has been writing to " + lane + " for " + LONGEST_SECONDS + " s");
    }

    @Override
    public void close() {
        across.close();
        within.unlock();
    }
}
