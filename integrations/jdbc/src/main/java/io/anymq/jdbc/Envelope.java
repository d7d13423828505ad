package io.anymq.jdbc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Id, key and headers of a row as bytes, because a database's text cannot hold all characters. */
record Envelope(String id, @Nullable String key, Map<String, String> headers) {
    private static final int VERSION = 1;

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, id);
            out.writeBoolean(key != null);
            if (key != null) {
                write(out, key);
            }
            out.writeInt(headers.size());
            for (Map.Entry<String, String> header : headers.entrySet()) {
                write(out, header.getKey());
                write(out, header.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Throws {@link IOException} if these are not the bytes of an envelope. */
    static Envelope of(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("the envelope has version " + version + ", and this anymq-jdbc reads " + VERSION);
            }
            String id = read(in);
            String key = in.readBoolean() ? read(in) : null;
            int count = in.readInt();
            Map<String, String> headers = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                headers.put(read(in), read(in));
            }
            return new Envelope(id, key, headers);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("the envelope is cut off");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
