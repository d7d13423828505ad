package io.anymq.samples.files.bench;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.ArmContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue on files as written without AnyMQ: one thread appends, one for each stream reads, handles and
 * remembers how far it got. It promises what the other arm promises, else it would be no baseline.
 */
final class RawFilesArm implements Arm {
    private static final int MOST_AT_ONCE = 1_000;
    private static final int CHUNK = 1 << 18;
    private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();
    private static final long SAVE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PATIENCE_MILLIS = 10_000;

    private record Pending(int stream, byte[] payload, Completion completion) {}

    private final List<FileChannel> streams = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
    private final int count;
    private Semaphore room = new Semaphore(0);
    private Path folder = Path.of("");
    private boolean sync;
    private volatile boolean closing;

    RawFilesArm(int streams) {
        count = streams;
    }

    @Override
    public void open(ArmContext context) throws IOException {
        folder = Files.createDirectories(FilesUnderTest.folder(context.url()).resolve("raw-" + context.destination()));
        sync = Boolean.parseBoolean(context.vendor().get("sync"));
        room = new Semaphore(context.maxInFlight());
        for (int i = 0; i < count; i++) {
            streams.add(FileChannel.open(
                    folder.resolve(i + ".log"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        }
        start("writer", this::write);
    }

    @Override
    public void subscribe(PayloadHandler handler) {
        for (int i = 0; i < count; i++) {
            int stream = i;
            start("reader-" + i, () -> read(stream, handler));
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "raw-files-" + name);
        threads.add(thread);
        thread.start();
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws InterruptedException {
        if (!room.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no confirm within 30 s");
        }
        pending.add(new Pending(Math.floorMod(key.hashCode(), count), payload, completion));
    }

    // ---- writing

    private void write() throws IOException, InterruptedException {
        List<Pending> batch = new ArrayList<>();
        while (true) {
            Pending first = pending.poll(50, TimeUnit.MILLISECONDS);
            if (first == null) {
                if (closing) {
                    return;
                }
                continue;
            }
            batch.add(first);
            pending.drainTo(batch, MOST_AT_ONCE - 1);
            for (int stream = 0; stream < count; stream++) {
                append(stream, batch);
            }
            for (Pending each : batch) {
                each.completion.ended(null);
            }
            room.release(batch.size());
            batch.clear();
        }
    }

    private void append(int stream, List<Pending> batch) throws IOException {
        int bytes = 0;
        for (Pending each : batch) {
            bytes += each.stream == stream ? Integer.BYTES + each.payload.length : 0;
        }
        if (bytes == 0) {
            return;
        }
        ByteBuffer frames = ByteBuffer.allocate(bytes);
        for (Pending each : batch) {
            if (each.stream == stream) {
                frames.putInt(each.payload.length).put(each.payload);
            }
        }
        frames.flip();
        FileChannel channel = streams.get(stream);
        for (long end = channel.size(); frames.hasRemaining(); ) {
            end += channel.write(frames, end);
        }
        if (sync) {
            channel.force(false);
        }
    }

    // ---- reading

    private void read(int stream, PayloadHandler handler) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long done = 0;
        long saved = System.nanoTime();
        while (true) {
            chunk.clear();
            streams.get(stream).read(chunk, done);
            chunk.flip();
            long before = done;
            // Half a message at the end of the chunk is read again as a whole.
            while (chunk.remaining() >= Integer.BYTES
                    && chunk.remaining() >= Integer.BYTES + chunk.getInt(chunk.position())) {
                byte[] payload = new byte[chunk.getInt()];
                chunk.get(payload);
                handler.handle(payload);
                done += Integer.BYTES + payload.length;
            }
            if (System.nanoTime() - saved >= SAVE_NANOS) {
                save(stream, done);
                saved = System.nanoTime();
            }
            if (done == before) {
                if (closing) {
                    save(stream, done);
                    return;
                }
                LockSupport.parkNanos(this, POLL_NANOS);
            }
        }
    }

    private void save(int stream, long done) throws IOException {
        Path next = folder.resolve(stream + ".next");
        Files.writeString(next, Long.toString(done));
        Files.move(
                next,
                folder.resolve(stream + ".done"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closing = true;
        for (Thread thread : threads) {
            thread.join(PATIENCE_MILLIS);
        }
        for (FileChannel stream : streams) {
            stream.close();
        }
    }
}
