package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.anymq.tck.MalformedMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;

/** Bodies that claim to be compressed, and are not, or not to the end, or are too large. */
final class RocketMqMalformed implements MalformedMessages {
    private static final int LEGACY = MessageSysFlag.COMPRESSED_FLAG;
    private static final int ZLIB = LEGACY | MessageSysFlag.COMPRESSION_ZLIB_TYPE;
    private static final int LZ4 = LEGACY | MessageSysFlag.COMPRESSION_LZ4_TYPE;
    private static final int ZSTD = LEGACY | MessageSysFlag.COMPRESSION_ZSTD_TYPE;
    private static final int UNKNOWN = LEGACY | 0x500;
    private static final int COMPRESSION = LEGACY | MessageSysFlag.COMPRESSION_TYPE_COMPARATOR;

    /** More than any configuration allows a body to have. */
    private static final byte[] HUGE = new byte[65 << 20];

    /** A frame of which the header alone is there: one segment of 1 TiB. */
    private static final byte[] ZSTD_CLAIM = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xE0, 0, 0, 0, 0, 0, 1, 0, 0
    };

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Stored(int flag, byte[] body) {}

    private final Map<String, Stored> kinds = new LinkedHashMap<>();
    private final RocketMqPlainClient plain;

    RocketMqMalformed(RocketMqPlainClient plain) {
        this.plain = plain;
        byte[] text = "a body that is long enough to be cut short".repeat(20).getBytes(UTF_8);
        garbage("zlib", ZLIB);
        garbage("lz4", LZ4);
        garbage("zstd", ZSTD);
        garbage("legacy", LEGACY);
        garbage("an unknown compression", UNKNOWN);
        kinds.put("zlib cut short", new Stored(ZLIB, cut(deflated(text))));
        kinds.put("lz4 cut short", new Stored(LZ4, cut(lz4(text))));
        kinds.put("zstd cut short", new Stored(ZSTD, cut(Zstd.compress(text))));
        kinds.put("zlib bomb", new Stored(ZLIB, deflated(HUGE)));
        kinds.put("lz4 bomb", new Stored(LZ4, lz4(HUGE)));
        kinds.put("zstd bomb", new Stored(ZSTD, Zstd.compress(HUGE)));
        kinds.put("zstd that claims 1 TiB", new Stored(ZSTD, ZSTD_CLAIM));
    }

    private void garbage(String compression, int flag) {
        kinds.put("no " + compression, new Stored(flag, ("this is not " + compression).getBytes(UTF_8)));
    }

    private static byte[] cut(byte[] whole) {
        return Arrays.copyOf(whole, whole.length - 8);
    }

    private interface Compression {
        OutputStream of(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Compression compression, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressing = compression.of(out)) {
            compressing.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] deflated(byte[] body) {
        return compressed(DeflaterOutputStream::new, body);
    }

    static byte[] lz4(byte[] body) {
        return compressed(LZ4FrameOutputStream::new, body);
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(kinds.keySet());
    }

    @Override
    public byte[] body(String kind) {
        return kinds.get(kind).body();
    }

    @Override
    public void store(String queue, String kind, String key) throws Exception {
        Stored stored = kinds.get(kind);
        plain.sendFlagged(queue, key, stored.flag(), stored.body());
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        List<MessageExt> all = plain.readRaw(queue);
        Map<String, Integer> held = new HashMap<>();
        kinds.forEach((kind, stored) -> held.put(kind, (int) all.stream()
                .filter(message -> (message.getSysFlag() & COMPRESSION) == stored.flag())
                .filter(message -> Arrays.equals(message.getBody(), stored.body()))
                .count()));
        return held;
    }
}
