package io.anymq.rabbitmq;

import io.anymq.spi.support.EscapedUtf8;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where a key belongs. Its slot is the first byte of its CRC-32; with N = 2^b lanes, the first b bits of the slot are the
 * number of the lane. A publisher to a topic routes by the bits of the slot, so it need not know how many lanes each
 * subscription has.
 */
final class Slots {
    static final int COUNT = 256;
    private static final int BITS = 8;
    private static final String[] ROUTING_KEYS = new String[COUNT];

    static {
        for (int slot = 0; slot < COUNT; slot++) {
            ROUTING_KEYS[slot] = bits(slot, BITS);
        }
    }

    private Slots() {}

    /** The slot of a key; a message without one may go anywhere. */
    static int of(@Nullable String key) {
        if (key == null) {
            return ThreadLocalRandom.current().nextInt(COUNT);
        }
        CRC32 crc = new CRC32();
        crc.update(EscapedUtf8.encode(key));
        return (int) (crc.getValue() >>> 24);
    }

    static int lane(int slot, int lanes) {
        return slot * lanes / COUNT;
    }

    /** Eight words, each a bit: what a publisher to a topic puts on the message. */
    static String routingKey(int slot) {
        return ROUTING_KEYS[slot];
    }

    /** The pattern that matches the routing keys of one lane. */
    static String bindingKey(int lane, int lanes) {
        int bits = Integer.numberOfTrailingZeros(lanes);
        return bits == 0 ? "#" : bits(lane, bits) + ".#";
    }

    private static String bits(int value, int count) {
        String binary = Integer.toBinaryString(1 << count | value).substring(1);
        return String.join(".", binary.split(""));
    }
}
