package io.anymq.history;

import io.anymq.history.JsonObject.Malformed;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Histories as JSON Lines: a first line with the format, one flat object per event, and a last line that counts
 * them, by which a file that was cut off is told from a whole one.
 *
 * <pre>
 * {"format":"anymq-history","version":1}
 * {"process":"main","n":0,"at":81,"event":"sent","producer":"p1","destination":"orders","id":"o-1","key":"k","body":7,"headers":0,"delayNanos":0}
 * {"end":1}
 * </pre>
 */
public final class HistoryFile {
    private static final String FORMAT = "anymq-history";
    private static final long VERSION = 1;
    private static final int LONGEST_LINE = 1 << 20;

    private HistoryFile() {}

    /**
     * Reads a whole file.
     *
     * @throws HistoryFormatException when it is malformed or was cut off, with the line
     */
    public static History read(Path file) throws IOException {
        return read(file, false);
    }

    /**
     * Reads the file of a process that was killed: the end mark may be missing, and a last line that was cut off is
     * left out. Everything before must be well-formed.
     *
     * @throws HistoryFormatException when it is malformed elsewhere, with the line
     */
    public static History readKilled(Path file) throws IOException {
        return read(file, true);
    }

    /** Writes a history, that of several processes too; replaces the file. */
    public static void write(History history, Path file) throws IOException {
        try (OutputStream buffer = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                Writer writer = new Writer(buffer)) {
            for (Entry entry : history.entries()) {
                writer.write(entry);
            }
        }
    }

    /**
     * Reads the result of {@link HistoryRecorder#toLines}; every line must be one of its lines.
     *
     * @throws HistoryFormatException with the number of the line, from 1
     */
    public static History parseLines(List<String> lines) throws HistoryFormatException {
        EntryCodec codec = new EntryCodec();
        List<Entry> entries = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            try {
                entries.add(codec.parse(lines.get(i)));
            } catch (Malformed e) {
                throw new HistoryFormatException("recorded lines", i + 1, String.valueOf(e.getMessage()));
            }
        }
        return ordered("recorded lines", lines.size(), entries);
    }

    private static History read(Path file, boolean killed) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return new Reader(in, file.toString(), killed).read();
        }
    }

    private static History ordered(String name, long line, List<Entry> entries) throws HistoryFormatException {
        try {
            return History.of(entries);
        } catch (IllegalArgumentException e) {
            throw new HistoryFormatException(name, line, String.valueOf(e.getMessage()));
        }
    }

    /** Writes entry by entry. Not thread-safe. */
    static final class Writer implements AutoCloseable {
        private final OutputStream out;
        private long entries;

        Writer(OutputStream out) throws IOException {
            this.out = out;
            line("{\"format\":\"" + FORMAT + "\",\"version\":" + VERSION + "}");
        }

        /** Unbuffered, so that each line is with the operating system at once. */
        static Writer create(Path file) throws IOException {
            return new Writer(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        void write(Entry entry) throws IOException {
            line(EntryCodec.format(entry));
            entries++;
        }

        private void line(String text) throws IOException {
            out.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            try {
                line("{\"end\":" + entries + "}");
            } finally {
                out.close();
            }
        }
    }

    private static final class Reader {
        private final InputStream in;
        private final String name;
        private final boolean killed;
        private final EntryCodec codec = new EntryCodec();
        private final List<Entry> entries = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        private long line;
        private boolean complete;

        Reader(InputStream in, String name, boolean killed) {
            this.in = in;
            this.name = name;
            this.killed = killed;
        }

        History read() throws IOException {
            String first = next();
            if (first != null && complete) {
                checkFormat(first);
            } else if (!killed) {
                throw problem(first == null ? "the file is empty" : "the line is cut off");
            }
            String text;
            while ((text = next()) != null) {
                if (!complete) {
                    if (killed) {
                        break;
                    }
                    throw problem("the line is cut off");
                }
                if (text.startsWith("{\"end\":")) {
                    end(text);
                    return ordered(name, line, entries);
                }
                try {
                    entries.add(codec.parse(text));
                } catch (Malformed e) {
                    throw problem(String.valueOf(e.getMessage()));
                }
            }
            if (!killed) {
                line++;
                throw problem("the end mark is missing: the file was cut off, or its process was killed");
            }
            return ordered(name, line, entries);
        }

        private void checkFormat(String first) throws HistoryFormatException {
            Map<String, Object> fields;
            try {
                fields = JsonObject.parse(first);
            } catch (Malformed e) {
                throw problem("not a history file: " + e.getMessage());
            }
            if (!FORMAT.equals(fields.get("format"))) {
                throw problem("not a history file: the first line must name the format " + FORMAT);
            }
            if (!Long.valueOf(VERSION).equals(fields.get("version"))) {
                throw problem("the version must be " + VERSION + ", but was " + fields.get("version"));
            }
        }

        private void end(String text) throws IOException {
            Object count;
            try {
                count = JsonObject.parse(text).get("end");
            } catch (Malformed e) {
                throw problem(String.valueOf(e.getMessage()));
            }
            if (!Long.valueOf(entries.size()).equals(count)) {
                throw problem("the end mark counts " + count + " events, but the file has " + entries.size());
            }
            if (next() != null) {
                throw problem("unexpected text after the end mark");
            }
        }

        /** The next line; null at the end. {@link #complete} says whether its end was there, too. */
        private @Nullable String next() throws IOException {
            bytes.reset();
            line++;
            complete = false;
            int b;
            while ((b = in.read()) >= 0) {
                if (b == '\n') {
                    complete = true;
                    break;
                }
                if (bytes.size() == LONGEST_LINE) {
                    throw problem("the line must not exceed " + LONGEST_LINE + " bytes");
                }
                bytes.write(b);
            }
            if (bytes.size() == 0 && !complete) {
                line--;
                return null;
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.toByteArray()))
                        .toString();
            } catch (CharacterCodingException e) {
                if (killed && !complete) {
                    return "";
                }
                throw problem("the line is not valid UTF-8");
            }
        }

        private HistoryFormatException problem(String problem) {
            return new HistoryFormatException(name, Math.max(1, line), problem);
        }
    }
}
