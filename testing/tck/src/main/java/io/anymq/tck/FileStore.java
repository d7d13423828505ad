package io.anymq.tck;

import io.anymq.policy.IdempotencyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Function;

/**
 * An idempotency store in a folder, shared by processes of this computer: each call takes a lock, reads the claims, and
 * puts a changed file, forced to the disk, in the place of the old one. So the last operation of a killed process is
 * either done or not. For the few messages of a rule; an application takes a database. Thread-safe.
 */
public final class FileStore implements IdempotencyStore {
    /** A file lock belongs to a process, so threads exclude each other first. */
    private static final Object JVM = new Object();

    private final Path folder;

    /** Uses this folder, which is there. */
    public FileStore(Path folder) {
        this.folder = folder;
    }

    private <R> R change(Function<ClaimTable, R> step) {
        synchronized (JVM) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Path claims = folder.resolve("claims");
                String before = Files.exists(claims) ? Files.readString(claims) : "";
                ClaimTable table = ClaimTable.parse(before, System.currentTimeMillis());
                R result = step.apply(table);
                String after = table.text();
                if (lock.isValid() && !after.equals(before)) {
                    Path changed = folder.resolve("changed");
                    Files.writeString(
                            changed,
                            after,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DSYNC);
                    Files.move(changed, claims, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
                return result;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Deletes the folder with all that stores have put into it. */
    static void delete(Path folder) throws IOException {
        for (String name : new String[] {"lock", "claims", "changed"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        return change(table -> table.claim(scope, key, fingerprint, lease));
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return change(table -> table.change(scope, key, token, ClaimTable.State.IN_PROGRESS, lease));
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return change(table -> table.change(scope, key, token, ClaimTable.State.DONE, retention));
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return change(table -> table.change(scope, key, token, ClaimTable.State.DEAD, retention));
    }

    @Override
    public boolean release(String scope, String key, long token) {
        return change(table -> table.release(scope, key, token));
    }

    @Override
    public void forget(String scope, String key) {
        change(table -> table.forget(scope, key));
    }
}
