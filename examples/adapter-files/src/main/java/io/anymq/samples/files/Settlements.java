package io.anymq.samples.files;

import io.anymq.spi.support.ContiguousOffsets;
import io.anymq.spi.support.OffsetRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What is done in one lane, as a file of two lines: the position of the first message that is not, and the ranges of those
 * behind it that are. Replaced as a whole, so that a crash leaves the old or the new one.
 */
final class Settlements {
    private final Path reader;
    private final int lane;
    private final long start;
    private final OffsetRanges doneBefore;
    private final ContiguousOffsets taken = new ContiguousOffsets();
    private boolean changed;

    Settlements(Path reader, int lane) throws IOException {
        this.reader = reader;
        this.lane = lane;
        String[] lines = Files.readString(file(reader, lane)).split("\n", -1);
        try {
            this.start = Long.parseLong(lines[0]);
        } catch (NumberFormatException e) {
            throw new IOException(file(reader, lane) + " is damaged: it begins with a position", e);
        }
        this.doneBefore = OffsetRanges.parse(lines.length > 1 ? lines[1] : "", start);
    }

    private static Path file(Path reader, int lane) {
        return reader.resolve("lane-" + lane + ".done");
    }

    static void write(Path reader, int lane, long position, String ahead) throws IOException {
        Path next = reader.resolve("lane-" + lane + ".next");
        Files.writeString(next, position + "\n" + ahead);
        Files.move(next, file(reader, lane), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where reading begins. */
    long start() {
        return start;
    }

    /** Whether a former owner has settled it. */
    boolean isDone(long position) {
        return doneBefore.contains(position);
    }

    /** Counts it as taken; the number is for {@link #complete}. */
    long take(long position) {
        return taken.add(position);
    }

    void complete(long number) {
        taken.complete(number);
        changed = true;
    }

    /** Everything before this position is done, if {@code reached} is what was read up to. */
    long position(long reached) {
        return taken.span() == 0 ? reached : taken.committable();
    }

    /** Writes down what is new; returns the position, or −1 when nothing was new. */
    long save(long reached) throws IOException {
        if (!changed) {
            return -1;
        }
        long position = position(reached);
        OffsetRanges ahead = taken.doneAhead();
        // what a former owner had settled further on than this one has read
        ahead.addAbove(doneBefore, reached);
        write(reader, lane, position, ahead.format(position, Integer.MAX_VALUE));
        changed = false;
        return position;
    }
}
