package io.anymq.samples.files;

import io.anymq.spi.WireHeaders;
import io.anymq.spi.WireMessage;
import io.anymq.spi.support.LazyMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as it is written: how many headers, their names and values, the length of the body, the body. Id, key,
 * content type and times are headers with the names of {@link WireHeaders}.
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are never compared
record StoredMessage(Map<String, String> headers, byte[] body) {
    static void write(WireMessage message, DataOutputStream out) throws IOException {
        Map<String, String> headers = LazyMessage.allAsHeaders(message);
        out.writeInt(headers.size());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            out.writeUTF(header.getKey());
            out.writeUTF(header.getValue());
        }
        out.writeInt(message.body().length);
        out.write(message.body());
    }

    static StoredMessage read(DataInputStream in) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            headers.put(in.readUTF(), in.readUTF());
        }
        int length = in.readInt();
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body ends early");
        }
        return new StoredMessage(headers, body);
    }
}
