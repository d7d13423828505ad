package io.anymq.samples.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often each message of a lane was given to a handler, so that one that kills its process is recognized. Twelve bytes,
 * position and count, are written before each attempt, to the system's cache only: that survives the process. Thread-safe.
 */
final class Tries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
    private static final int RECORD_BYTES = Long.BYTES + Integer.BYTES;
    private static final long FORGET_AT = 1 << 16;

    private final FileChannel file;
    private final Map<Long, Integer> before = new HashMap<>();
    private boolean failed;

    Tries(Path reader, int lane) throws IOException {
        Path path = reader.resolve("lane-" + lane + ".tries");
        byte[] known = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        ByteBuffer buffer = ByteBuffer.wrap(known);
        while (buffer.remaining() >= RECORD_BYTES) {
            before.put(buffer.getLong(), buffer.getInt());
        }
        this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.position(known.length - known.length % RECORD_BYTES);
    }

    /** Attempts by former owners. */
    int before(long position) {
        return before.getOrDefault(position, 0);
    }

    /** On a handler's thread. */
    synchronized void write(long position, int attempts) {
        try {
            file.write(ByteBuffer.allocate(RECORD_BYTES).putLong(position).putInt(attempts).flip());
        } catch (IOException e) {
            // an attempt that is not counted is better than one that does not take place
            if (!failed) {
                LOG.warn("attempts cannot be written down: {}", e.toString());
            }
            failed = true;
        }
    }

    /** Everything that was read is settled. */
    synchronized void allDone() throws IOException {
        if (file.position() >= FORGET_AT) {
            file.truncate(0);
            file.position(0);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
