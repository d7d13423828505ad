package io.anymq.rocketmq;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.UnreadableMessage;
import io.anymq.spi.support.LazyBody;
import io.anymq.spi.support.VendorErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that are not as their sender wrote them. RocketMQ's own producers compress those of 4 KiB or more by zlib, LZ4 or
 * Zstandard and say so in the system flag, which the broker believes. A body may be as large as {@link
 * RocketMqConfig#MAX_MESSAGE} when it is decompressed.
 */
final class StoredBody {
    private static final String FLAG = "sys-flag=0x";
    private static final Pattern FORM = Pattern.compile(Pattern.quote(FLAG) + "(\\p{XDigit}{3})");
    private static final int COMPRESSION = MessageSysFlag.COMPRESSED_FLAG | MessageSysFlag.COMPRESSION_TYPE_COMPARATOR;

    /** Of a message that no sender can store again. */
    private static final String FRAME = "frame";

    private StoredBody() {}

    /** The body of a message that is compressed, or says so; null if it is not. */
    static @Nullable LazyBody of(MessageExt message, int largestBody) {
        if (message instanceof UnreadableMessage) {
            return new LazyBody(message.getBody(), FRAME, stored -> {
                throw new IOException("the message's own fields do not fit together");
            });
        }
        int flag = message.getSysFlag();
        if ((flag & MessageSysFlag.COMPRESSED_FLAG) == 0) {
            return null;
        }
        byte[] stored = message.getBody();
        return new LazyBody(
                stored == null ? RocketMqMessage.NO_BODY : stored,
                FLAG + String.format("%03x", flag & COMPRESSION),
                bytes -> {
                    byte[] body = decompressed(bytes, flag & MessageSysFlag.COMPRESSION_TYPE_COMPARATOR, largestBody);
                    // for those who unwrap it, as the vendor's own client gives it
                    message.setBody(body);
                    return body;
                });
    }

    private static byte[] decompressed(byte[] stored, int type, int largestBody) throws IOException {
        InputStream in = new ByteArrayInputStream(stored);
        return switch (type) {
            // 0 is that of clients older than the choice
            case 0, MessageSysFlag.COMPRESSION_ZLIB_TYPE -> LazyBody.read(new InflaterInputStream(in), largestBody);
            case MessageSysFlag.COMPRESSION_LZ4_TYPE -> lz4(in, largestBody);
            case MessageSysFlag.COMPRESSION_ZSTD_TYPE -> zstd(in, largestBody);
            default -> throw new IOException("unknown type of compression");
        };
    }

    private static byte[] lz4(InputStream in, int largestBody) throws IOException {
        try {
            return Lz4.decompressed(in, largestBody);
        } catch (LinkageError e) {
            throw missing("at.yawk.lz4:lz4-java", e);
        }
    }

    private static byte[] zstd(InputStream in, int largestBody) throws IOException {
        try {
            return Zstd.decompressed(in, largestBody);
        } catch (LinkageError e) {
            throw missing("com.github.luben:zstd-jni", e);
        }
    }

    /** A class of its own, which is not linked before it is needed. */
    private static final class Lz4 {
        static byte[] decompressed(InputStream in, int largestBody) throws IOException {
            return LazyBody.read(new LZ4FrameInputStream(in), largestBody);
        }
    }

    /** A class of its own, which is not linked before it is needed. */
    private static final class Zstd {
        /** Every decoder should have 8 MiB for what a frame refers back to. */
        private static final int LEAST_WINDOW_LOG = 23;

        static byte[] decompressed(InputStream in, int largestBody) throws IOException {
            int windowLog = Math.max(LEAST_WINDOW_LOG, Integer.SIZE - Integer.numberOfLeadingZeros(largestBody));
            return LazyBody.read(new ZstdInputStreamNoFinalizer(in).setLongMax(windowLog), largestBody);
        }
    }

    private static IOException missing(String library, LinkageError cause) {
        return new IOException("the library " + library + " is not on the class path", cause);
    }

    /**
     * An empty message with the flags of one that could not be decoded.
     *
     * @throws MessagingException INVALID_MESSAGE
     */
    static Message flagged(String storedAs) {
        Matcher form = FORM.matcher(storedAs);
        int flag = form.matches() ? Integer.parseInt(form.group(1), 16) : 0;
        if ((flag & ~COMPRESSION) != 0 || (flag & MessageSysFlag.COMPRESSED_FLAG) == 0) {
            throw VendorErrors.unknownForm("RocketMQ", storedAs);
        }
        MessageExt message = new MessageExt();
        message.setSysFlag(flag);
        return message;
    }
}
