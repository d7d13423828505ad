package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a server sends, without headers that would end the connection. The client library refuses a table that is nested
 * more deeply than 32 levels, or that it cannot read, and closes the connection on which it came: the server stores such a
 * message and sends it again with the next connection, for ever. Here its headers are replaced by one, {@link #RAW}, which
 * holds their bytes.
 *
 * <p>Passes on all other bytes as they are. Used by the library's reading thread.
 */
final class HeaderGuard extends FilterInputStream {
    /** The header that holds the bytes of a table that cannot be read. */
    static final String RAW = "mq-raw-headers";

    /** Fewer than the library takes, which counts the table itself. */
    private static final int DEEPEST = 30;

    private static final int FRAME_HEADER = 7;
    private static final int CONTENT_HEADER = 2;

    /** Class, weight and size of the body, which come before the flags. */
    private static final int BEFORE_FLAGS = 12;

    private static final int HAS_CONTENT_TYPE = 1 << 15;
    private static final int HAS_ENCODING = 1 << 14;
    private static final int HAS_HEADERS = 1 << 13;

    /** A content header is one frame; servers agree on frames of 128 KiB. One of more than this is left alone. */
    private static final int LARGEST = 16 << 20;

    private byte[] buffer = new byte[64 * 1024];
    /** What comes next is from here to {@link #ready}; up to {@link #limit} it must be looked at first. */
    private int next;

    private int ready;
    private int limit;

    /** The rest of a frame that is not looked at. */
    private long passing;

    private boolean ended;

    HeaderGuard(InputStream server) {
        super(server);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (next == ready) {
            if (ended) {
                return -1;
            }
            fill();
        }
        int given = Math.min(count, ready - next);
        System.arraycopy(buffer, next, into, from, given);
        next += given;
        return given;
    }

    @Override
    public int available() throws IOException {
        return ready - next + super.available();
    }

    @Override
    public long skip(long count) throws IOException {
        return count <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(count, buffer.length)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void fill() throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, limit - next);
            limit -= next;
            ready -= next;
            next = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = super.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            ended = true;
            ready = limit;
            return;
        }
        limit += read;
        while (ready < limit && look()) {
            // the next frame
        }
    }

    /** Moves on by a frame, or what is there of it; false if more is needed to judge it. */
    private boolean look() {
        if (passing > 0) {
            int passed = (int) Math.min(passing, limit - ready);
            passing -= passed;
            ready += passed;
            return true;
        }
        if (limit - ready < FRAME_HEADER) {
            return false;
        }
        ByteBuffer all = ByteBuffer.wrap(buffer, 0, limit);
        int size = all.getInt(ready + 3);
        if (buffer[ready] != CONTENT_HEADER || size < BEFORE_FLAGS + 2 || size > LARGEST) {
            passing = FRAME_HEADER + (size & 0xFFFF_FFFFL) + 1;
            return true;
        }
        if (limit - ready < FRAME_HEADER + size + 1) {
            return false;
        }
        guard(ByteBuffer.wrap(buffer, ready + FRAME_HEADER, size).slice(), ready + FRAME_HEADER, size);
        ready += FRAME_HEADER + ByteBuffer.wrap(buffer).getInt(ready + 3) + 1;
        return true;
    }

    /** Replaces the headers of one content header, if the library would not read them. */
    private void guard(ByteBuffer payload, int start, int size) {
        int table = table(payload);
        if (table < 0) {
            return;
        }
        int length = payload.getInt(table);
        int begin = table + Integer.BYTES;
        if (isReadable(payload.duplicate().position(begin).limit(begin + length).slice())) {
            return;
        }
        byte[] name = RAW.getBytes(US_ASCII);
        ByteBuffer entry = ByteBuffer.allocate(Integer.BYTES + 1 + name.length + 1 + Integer.BYTES + length);
        entry.putInt(entry.capacity() - Integer.BYTES)
                .put((byte) name.length)
                .put(name)
                .put((byte) 'x')
                .putInt(length)
                .put(buffer, start + begin, length);
        replace(start + table, Integer.BYTES + length, entry.array());
        ByteBuffer.wrap(buffer).putInt(start - Integer.BYTES, size + entry.capacity() - Integer.BYTES - length);
    }

    private void replace(int position, int length, byte[] by) {
        int growth = by.length - length;
        byte[] changed = new byte[Math.max(buffer.length, limit + growth)];
        System.arraycopy(buffer, 0, changed, 0, position);
        System.arraycopy(by, 0, changed, position, by.length);
        System.arraycopy(buffer, position + length, changed, position + by.length, limit - position - length);
        buffer = changed;
        limit += growth;
    }

    /** Where the table with the headers begins; −1 if there is none, or none that fits into the frame. */
    private static int table(ByteBuffer payload) {
        int flags = payload.getShort(BEFORE_FLAGS) & 0xFFFF;
        if ((flags & HAS_HEADERS) == 0 || (flags & 1) != 0) {
            return -1;
        }
        int position = BEFORE_FLAGS + 2;
        for (int flag : new int[] {HAS_CONTENT_TYPE, HAS_ENCODING}) {
            if ((flags & flag) != 0) {
                if (position >= payload.limit()) {
                    return -1;
                }
                position += 1 + (payload.get(position) & 0xFF);
            }
        }
        if (payload.limit() - position < Integer.BYTES) {
            return -1;
        }
        int length = payload.getInt(position);
        return length < 0 || length > payload.limit() - position - Integer.BYTES ? -1 : position;
    }

    private static boolean isReadable(ByteBuffer table) {
        try {
            readEntries(table, true, 0);
            return true;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void readEntries(ByteBuffer in, boolean named, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("too deep");
        }
        while (in.hasRemaining()) {
            if (named) {
                skip(in, in.get() & 0xFF);
            }
            readValue(in, depth);
        }
    }

    private static void readValue(ByteBuffer in, int depth) {
        char type = (char) in.get();
        switch (type) {
            case 't', 'b', 'B' -> skip(in, 1);
            case 's', 'u' -> skip(in, 2);
            case 'I', 'i', 'f' -> skip(in, 4);
            case 'D' -> skip(in, 5);
            case 'l', 'd', 'T' -> skip(in, 8);
            case 'V' -> {
                // nothing
            }
            case 'S', 'x' -> skip(in, in.getInt());
            case 'F', 'A' -> {
                int length = in.getInt();
                ByteBuffer inner = in.duplicate();
                skip(in, length);
                readEntries(inner.limit(in.position()), type == 'F', depth + 1);
            }
            default -> throw new IllegalArgumentException("unknown type " + type);
        }
    }

    /** Throws IllegalArgumentException if there is less, or if it is negative. */
    private static void skip(ByteBuffer in, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a negative length");
        }
        in.position(in.position() + count);
    }
}
