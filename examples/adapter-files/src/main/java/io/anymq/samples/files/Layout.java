package io.anymq.samples.files;

import io.anymq.policy.Ordering;
import io.anymq.spi.support.KeyLane;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a queue or topic was created as, kept beside it: whoever comes later uses the same number of lanes, whatever its own
 * configuration says, because another number would move keys to other lanes.
 */
record Layout(Ordering ordering, int lanes) {
    private static final String FILE = "layout";

    /** Null if nothing was created there. */
    static @Nullable Layout read(Path messages) throws IOException {
        try {
            List<String> words = List.of(Files.readString(messages.resolve(FILE)).trim().split(" "));
            return new Layout(Ordering.valueOf(words.get(0)), Integer.parseInt(words.get(1)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(messages.resolve(FILE) + " is damaged: it says an ordering and a number", e);
        }
    }

    /** Creates it, unless somebody else has; returns what is there then. */
    static Layout create(Path messages, Layout wanted) throws IOException {
        for (int lane = 0; lane < wanted.lanes(); lane++) {
            Files.createDirectories(FilesNames.lane(messages, lane));
        }
        // moved into place as a whole, so that nobody reads half of it
        Path own = messages.resolve(FILE + "." + UUID.randomUUID());
        Files.writeString(own, wanted.ordering() + " " + wanted.lanes());
        try {
            Files.createLink(messages.resolve(FILE), own);
        } catch (FileAlreadyExistsException e) {
            // the other one counts
        } catch (UnsupportedOperationException e) {
            Files.move(own, messages.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(own);
        }
        Layout there = read(messages);
        if (there == null) {
            throw new NoSuchFileException(messages.resolve(FILE).toString());
        }
        for (int lane = 0; lane < there.lanes(); lane++) {
            Files.createDirectories(FilesNames.lane(messages, lane));
        }
        return there;
    }

    /** The lane of {@code key}; any other is as good for a message without one. */
    int laneOf(@Nullable String key, int any) {
        return key == null ? Math.floorMod(any, lanes) : KeyLane.of(key, lanes);
    }
}
