package io.anymq.samples.files;

import io.anymq.spi.support.OffsetRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The settled messages of a lane: everything before an offset, and ranges behind it. A file of two lines, replaced as a
 * whole, so that a crash leaves the old or the new one; there is none while nothing is done.
 */
record Settled(long offset, OffsetRanges ahead) {
    private static final String FILE = "settled";

    static Settled read(Path state) throws IOException {
        Path file = state.resolve(FILE);
        String[] lines = (Files.exists(file) ? Files.readString(file) : "0").split("\n", -1);
        try {
            long offset = Long.parseLong(lines[0]);
            return new Settled(offset, OffsetRanges.parse(lines.length > 1 ? lines[1] : "", offset));
        } catch (NumberFormatException e) {
            throw new IOException(file + " is damaged: its first line must be an offset", e);
        }
    }

    void write(Path state) throws IOException {
        Path next = state.resolve(FILE + ".next");
        Files.writeString(next, offset + "\n" + ahead.format(offset, Integer.MAX_VALUE));
        Files.move(next, state.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}
