package io.anymq.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes down what happens. Thread-safe: order and time are taken together, under one lock, and what one thread records
 * after it saw another's record comes after it.
 *
 * <pre>{@code
 * try (HistoryRecorder recorder = HistoryRecorder.inMemory("main")) {
 *     recorder.record(new Event.Sent("p1", "orders", id, Content.of(key, body, headers)));
 *     ...
 *     Report report = HistoryChecker.check(recorder.history(), expectations);
 * }
 * }</pre>
 */
public final class HistoryRecorder implements AutoCloseable {
    private interface Sink extends AutoCloseable {
        void accept(Entry entry);

        @Override
        void close();
    }

    private static final class Memory implements Sink {
        private final List<Entry> entries = new ArrayList<>();

        @Override
        public void accept(Entry entry) {
            entries.add(entry);
        }

        @Override
        public void close() {}
    }

    private final String process;
    private final LongSupplier clock;
    private final Sink sink;
    private long sequence;
    private boolean closed;

    private HistoryRecorder(String process, LongSupplier clock, Sink sink) {
        this.process = process;
        this.clock = clock;
        this.sink = sink;
    }

    /** Keeps everything in memory, about 150 bytes an event; reads {@link System#nanoTime()}. */
    public static HistoryRecorder inMemory(String process) {
        return inMemory(process, System::nanoTime);
    }

    /**
     * Keeps everything in memory. {@code clock} gives nanoseconds and never runs backwards; it may be a virtual one.
     */
    public static HistoryRecorder inMemory(String process, LongSupplier clock) {
        return new HistoryRecorder(process, clock, new Memory());
    }

    /**
     * Appends to a new file, each event with a separate write, so that recorded events survive a kill of the
     * process (not a crash of the computer). Read it with {@link HistoryFile}.
     */
    public static HistoryRecorder toFile(String process, Path file) throws IOException {
        HistoryFile.Writer writer = HistoryFile.Writer.create(file);
        return new HistoryRecorder(process, System::nanoTime, new Sink() {
            @Override
            public void accept(Entry entry) {
                try {
                    writer.write(entry);
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write the history " + file, e);
                }
            }

            @Override
            public void close() {
                try {
                    writer.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot finish the history " + file, e);
                }
            }
        });
    }

    /**
     * Hands each event to {@code lines} as a line of text without its end, such as {@code System.out::println} of a
     * child process whose output the parent reads; {@link HistoryFile#parseLines} takes them back.
     */
    public static HistoryRecorder toLines(String process, LongSupplier clock, Consumer<String> lines) {
        return new HistoryRecorder(process, clock, new Sink() {
            @Override
            public void accept(Entry entry) {
                lines.accept(EntryCodec.format(entry));
            }

            @Override
            public void close() {}
        });
    }

    /**
     * Writes an event down.
     *
     * @throws UncheckedIOException when the file cannot be written: a history with holes would be worse than none
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized void record(Event event) {
        if (closed) {
            throw new IllegalStateException("the recorder " + process + " is closed");
        }
        sink.accept(new Entry(process, sequence, clock.getAsLong(), event));
        sequence++;
    }

    /** The events recorded so far. For recorders in memory only. */
    public History history() {
        if (!(sink instanceof Memory memory)) {
            throw new IllegalStateException(
                    "the recorder " + process + " writes to a file and keeps nothing in memory; read the file");
        }
        List<Entry> copy;
        synchronized (this) {
            copy = List.copyOf(memory.entries);
        }
        return History.of(copy);
    }

    /** Writes the end mark of a file. A recorder in memory may still be read afterwards. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            sink.close();
        }
    }
}
