package io.anymq.samples.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one lane: files named after the position of their first byte, to the last of which is appended. A position
 * counts bytes over all of them. One instance is used by one thread; appends of several processes are put in line by a lock.
 */
final class Journal implements AutoCloseable {
    private static final String SUFFIX = ".log";
    private static final int LARGEST = 1 << 30;

    private final Path folder;
    private @Nullable FileChannel reading;
    private long readingBase = -1;
    private @Nullable FileChannel writing;
    private long writingBase = -1;
    private long writtenTo = -1;

    Journal(Path folder) {
        this.folder = folder;
    }

    /** A message with its position and that of the one behind it. */
    record Entry(long position, long next, Frame frame) {}

    // ---- segments

    private TreeMap<Long, Path> segments() throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                segments.put(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), file);
            }
        }
        return segments;
    }

    private Path segment(long base) {
        return folder.resolve("%020d".formatted(base) + SUFFIX);
    }

    /** Where the oldest message that is kept stands. */
    long start() throws IOException {
        TreeMap<Long, Path> segments = segments();
        return segments.isEmpty() ? 0 : segments.firstKey();
    }

    /** Deletes files whose messages all stand before {@code position}; the last one stays. */
    void deleteBefore(long position) throws IOException {
        TreeMap<Long, Path> segments = segments();
        for (Long base : segments.keySet()) {
            Long following = segments.higherKey(base);
            if (following == null || following > position) {
                return;
            }
            Files.deleteIfExists(segments.get(base));
        }
    }

    // ---- reading

    /** The message at {@code position}, or at the first one that is kept; null while there is none. */
    @Nullable
    Entry read(long position) throws IOException {
        long at = position;
        if (reading == null || at < readingBase) {
            at = openForReading(at);
        }
        while (true) {
            FileChannel channel = reading;
            if (channel == null) {
                return null;
            }
            byte @Nullable [] payload = payload(channel, at - readingBase);
            if (payload != null) {
                return new Entry(at, at + Frame.PREFIX + payload.length, Frame.decode(payload));
            }
            // at the end of a file there may be its successor, whose name is this position
            if (at == readingBase || at - readingBase < channel.size() || !Files.exists(segment(at))) {
                return null;
            }
            at = openForReading(at);
        }
    }

    private long openForReading(long position) throws IOException {
        close(reading);
        reading = null;
        TreeMap<Long, Path> segments = segments();
        Long base = segments.floorKey(position);
        if (base == null) {
            if (segments.isEmpty()) {
                return position;
            }
            base = segments.firstKey();
        }
        try {
            reading = FileChannel.open(segment(base), StandardOpenOption.READ);
            readingBase = base;
        } catch (NoSuchFileException e) {
            // deleted since it was listed: everybody is done with it
            return position;
        }
        return Math.max(position, base);
    }

    /** Null if there is no whole message, which may be because it is being written. */
    private static byte @Nullable [] payload(FileChannel channel, long offset) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(Frame.PREFIX);
        if (!fill(channel, prefix, offset)) {
            return null;
        }
        int length = prefix.getInt(0);
        if (length <= 0 || length > LARGEST || offset + Frame.PREFIX + length > channel.size()) {
            return null;
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        if (!fill(channel, payload, offset + Frame.PREFIX)
                || Frame.checksum(payload.array(), 0, length) != prefix.getInt(4)) {
            return null;
        }
        return payload.array();
    }

    private static boolean fill(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    // ---- writing; the caller holds the lane's append lock

    /** Appends all of them or, if it throws, none. */
    void append(List<byte[]> frames, long segmentBytes, boolean sync) throws IOException {
        FileChannel channel = openForWriting(segmentBytes);
        ByteBuffer[] buffers = frames.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
        long total = frames.stream().mapToLong(frame -> frame.length).sum();
        try {
            long left = total;
            channel.position(writtenTo);
            while (left > 0) {
                left -= channel.write(buffers);
            }
            if (sync) {
                channel.force(false);
            }
            writtenTo += total;
        } catch (IOException e) {
            try {
                channel.truncate(writtenTo);
            } finally {
                forgetWriting();
            }
            throw e;
        }
    }

    private FileChannel openForWriting(long segmentBytes) throws IOException {
        TreeMap<Long, Path> segments = segments();
        long base = segments.isEmpty() ? 0 : segments.lastKey();
        FileChannel channel = writing;
        if (channel == null || base != writingBase) {
            forgetWriting();
            channel = FileChannel.open(
                    segment(base), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            writing = channel;
            writingBase = base;
            writtenTo = 0;
        }
        if (channel.size() != writtenTo) {
            writtenTo = endOfWholeMessages(channel, writtenTo);
            // what a writer left that died in the middle of a message
            channel.truncate(writtenTo);
        }
        if (writtenTo < segmentBytes) {
            return channel;
        }
        long successor = base + writtenTo;
        forgetWriting();
        channel = FileChannel.open(
                segment(successor), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        writing = channel;
        writingBase = successor;
        writtenTo = 0;
        return channel;
    }

    private static long endOfWholeMessages(FileChannel channel, long from) throws IOException {
        long end = from;
        for (byte[] payload = payload(channel, end); payload != null; payload = payload(channel, end)) {
            end += Frame.PREFIX + payload.length;
        }
        return end;
    }

    /** Where the next message will stand. The caller holds the append lock. */
    long end() throws IOException {
        openForWriting(Long.MAX_VALUE);
        return writingBase + writtenTo;
    }

    private void forgetWriting() throws IOException {
        FileChannel channel = writing;
        writing = null;
        writingBase = -1;
        close(channel);
    }

    private static void close(@Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            close(reading);
        } finally {
            forgetWriting();
        }
    }

    /** All whole messages that are kept, oldest first. */
    List<Frame> all() throws IOException {
        List<Frame> all = new ArrayList<>();
        for (Entry entry = read(start()); entry != null; entry = read(entry.next())) {
            all.add(entry.frame());
        }
        return all;
    }
}
