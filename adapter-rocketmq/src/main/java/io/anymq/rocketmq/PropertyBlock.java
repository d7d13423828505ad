package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;

/**
 * Text that a property of its own cannot carry: RocketMQ drops empty values, separates by the characters 1 and 2, and keeps
 * some names to itself. It travels in one property, as Base64 of lengths and UTF-8.
 */
final class PropertyBlock {
    /** The property that holds the block. */
    static final String NAME = "mq-more";

    private PropertyBlock() {}

    /** Whether it can be a property as it is. */
    static boolean isPlain(String name, String value) {
        return !value.isEmpty()
                && value.indexOf(MessageDecoder.NAME_VALUE_SEPARATOR) < 0
                && value.indexOf(MessageDecoder.PROPERTY_SEPARATOR) < 0
                && !isReserved(name);
    }

    /** Whether RocketMQ gives the name a meaning. */
    static boolean isReserved(String name) {
        return MessageConst.STRING_HASH_SET.contains(name)
                || name.startsWith("__")
                || name.startsWith("TIMER_")
                || name.startsWith("INNER_")
                || name.startsWith("TRANS")
                || name.equals(MessageConst.PROPERTY_FORWARD_QUEUE_ID)
                || name.equals(MessageConst.PROPERTY_REDIRECT)
                || name.equals(MessageConst.PROPERTY_CHECK_IMMUNITY_TIME_IN_SECONDS);
    }

    static String encode(Map<String, String> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        texts.forEach((name, value) -> {
            write(out, name.getBytes(UTF_8));
            write(out, value.getBytes(UTF_8));
        });
        return Base64.getEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, byte[] bytes) {
        int length = bytes.length;
        while (length > 0x7f) {
            out.write((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(bytes);
    }

    /** Reads what {@link #encode} wrote; of anything else as much as is legible. */
    static Map<String, String> decode(String text) {
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            while (in.hasRemaining()) {
                texts.put(read(in), read(in));
            }
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            return texts;
        }
        return texts;
    }

    private static String read(ByteBuffer in) {
        int length = 0;
        int shift = 0;
        byte part;
        do {
            part = in.get();
            length |= (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0 && shift < 28);
        if (length > in.remaining()) {
            throw new IllegalArgumentException("cut off");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }
}
