package io.anymq.rocketmq;

import io.anymq.spi.support.EscapedUtf8;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;

/**
 * Text that a property of its own cannot carry: RocketMQ drops empty values, separates by the characters 1 and 2, and keeps
 * some names to itself. It travels in one property: name, value, name, value …, each in Base64 and followed by a dot.
 */
final class PropertyBlock {
    /** The property that holds the block. */
    static final String NAME = "mq-more";

    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

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
        StringBuilder block = new StringBuilder();
        texts.forEach((name, value) -> {
            block.append(BASE64.encodeToString(EscapedUtf8.encode(name))).append('.');
            block.append(BASE64.encodeToString(EscapedUtf8.encode(value))).append('.');
        });
        return block.toString();
    }

    /** Reads what {@link #encode} wrote; of anything else as much as is legible. */
    static Map<String, String> decode(String block) {
        Map<String, String> texts = new LinkedHashMap<>();
        String[] parts = block.split("\\.", -1);
        try {
            for (int i = 0; i + 2 < parts.length; i += 2) {
                texts.put(text(parts[i]), text(parts[i + 1]));
            }
        } catch (IllegalArgumentException e) {
            return texts;
        }
        return texts;
    }

    private static String text(String part) {
        return EscapedUtf8.decode(Base64.getDecoder().decode(part));
    }
}
