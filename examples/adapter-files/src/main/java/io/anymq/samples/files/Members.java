package io.anymq.samples.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The receivers of one source: each holds the lock on a file of its own as long as it lives. */
final class Members implements AutoCloseable {
    private final Path folder;
    private final Path own;
    private FileLocks.@Nullable Held membership;

    Members(Path reader) throws IOException {
        this.folder = Files.createDirectories(reader.resolve("members"));
        this.own = folder.resolve(UUID.randomUUID().toString());
        while (membership == null) {
            FileLocks.Held taken = FileLocks.tryLock(own);
            // between its creation and its lock the file looked like that of a dead member, and may be deleted
            if (taken != null && Files.exists(own)) {
                membership = taken;
            } else if (taken != null) {
                taken.close();
            }
        }
    }

    /** How many are alive, this one included. */
    int count() throws IOException {
        int alive = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.equals(own) || FileLocks.isHeld(file)) {
                    alive++;
                }
            }
        }
        return Math.max(1, alive);
    }

    @Override
    public void close() throws IOException {
        FileLocks.Held taken = membership;
        membership = null;
        if (taken != null) {
            Files.deleteIfExists(own);
            taken.close();
        }
    }
}
