package io.anymq.samples.files;

import io.anymq.spi.WireMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a message is written: length and checksum (4 bytes each), then id, key, content type, headers, times and body. The
 * checksum tells a message that was being written when its writer died.
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are never compared
record Frame(
        String id,
        @Nullable String key,
        String contentType,
        Map<String, String> headers,
        long sentAtMillis,
        long deliverAtMillis,
        byte[] body)
        implements WireMessage {
    static final int PREFIX = 8;

    /** A lane is where a message stands, not what it says. */
    @Override
    public int lane() {
        return -1;
    }

    /** The message with its prefix. */
    static byte[] encode(WireMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(PREFIX + 128 + message.body().length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0);
            out.writeUTF(message.id());
            out.writeBoolean(message.key() != null);
            out.writeUTF(message.key() == null ? "" : message.key());
            out.writeUTF(message.contentType());
            out.writeInt(message.headers().size());
            for (Map.Entry<String, String> header : message.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeUTF(header.getValue());
            }
            out.writeLong(message.sentAtMillis());
            out.writeLong(message.deliverAtMillis());
            out.writeInt(message.body().length);
            out.write(message.body());
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        byte[] frame = bytes.toByteArray();
        ByteBuffer.wrap(frame).putInt(frame.length - PREFIX).putInt(checksum(frame, PREFIX, frame.length - PREFIX));
        return frame;
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Reads what stands behind the prefix. */
    static Frame decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String id = in.readUTF();
            boolean keyed = in.readBoolean();
            String key = in.readUTF();
            String contentType = in.readUTF();
            int count = in.readInt();
            Map<String, String> headers = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                headers.put(in.readUTF(), in.readUTF());
            }
            long sentAt = in.readLong();
            long deliverAt = in.readLong();
            byte[] body = in.readNBytes(in.readInt());
            return new Frame(
                    id, keyed ? key : null, contentType, Collections.unmodifiableMap(headers), sentAt, deliverAt, body);
        } catch (IOException e) {
            throw new UncheckedIOException("the checksum is right and the content is not: another version wrote it", e);
        }
    }
}
