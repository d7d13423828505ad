package io.anymq.tck.brokers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.spi.WireHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Choices and changes of one seed: the same seed makes the same of the same message. Not thread-safe. */
public final class Mutations {
    private static final List<String> NAMES = List.of(
            WireHeaders.ID,
            WireHeaders.KEY,
            WireHeaders.CONTENT_TYPE,
            WireHeaders.SENT_AT,
            WireHeaders.DELIVER_AT,
            WireHeaders.ATTEMPTS,
            WireHeaders.FIRST_ATTEMPT_AT,
            WireHeaders.DEAD_REASON,
            WireHeaders.DEAD_SOURCE,
            WireHeaders.DEAD_ORDERING,
            WireHeaders.DEAD_ATTEMPTS,
            WireHeaders.DEAD_FIRST_AT,
            WireHeaders.DEAD_LAST_AT,
            WireHeaders.DEAD_EXCEPTION,
            WireHeaders.DEAD_DETAILS,
            WireHeaders.DEAD_STORED_AS,
            WireHeaders.REDRIVES,
            WireHeaders.REDRIVE,
            WireHeaders.EXPIRATION,
            "mq-",
            "mq-unknown",
            "näme",
            "a b",
            "x".repeat(200));

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "1",
            "-1",
            "00",
            "+5",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "99999999999999999999999999",
            "2147483648",
            "1e9",
            "0x10",
            "NaN",
            "null",
            "true",
            "\t\n\r",
            "{}{}${x}%s%n",
            "a,b;c=d",
            "x".repeat(300),
            "ü".repeat(127),
            "ключ 😀",
            "UNDECODABLE",
            "MAX_ATTEMPTS",
            "PER_KEY",
            "queue:other",
            "topic:events/billing",
            "frame",
            "text+deflate",
            "sys-flag=0x3ff",
            "headers=AAAA",
            "properties=????",
            "text/plain; charset=none",
            "text/plain; charset=\"utf-16\"",
            "text/plain; charset=",
            "application/json",
            "application/json; charset=utf-32",
            "/;;=",
            "AAAA.BBBB.");

    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            127L,
            -128L,
            255L,
            256L,
            32_767L,
            65_536L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            1L << 40,
            Long.MAX_VALUE,
            Long.MIN_VALUE);

    private final SplittableRandom random;

    Mutations(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to one less than {@code bound}. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** One of these. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <T> T any(T... of) {
        return any(Arrays.asList(of));
    }

    /** One of these. */
    public <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** The name of a header: one of AnyMQ's, of those given, or an odd one. */
    public String name(List<String> vendors) {
        return vendors.isEmpty() || random.nextBoolean() ? any(NAMES) : any(vendors);
    }

    /** A number at the limit of some type. */
    public long number() {
        return any(NUMBERS);
    }

    /** A text that is far from this one, or a little. */
    public String text(String original) {
        return random.nextInt(4) == 0 ? new String(bytes(original.getBytes(UTF_8)), UTF_8) : any(TEXTS);
    }

    /** Bytes that are cut, doubled, flipped, zeroed, extended, garbage or none, or that claim another length. */
    public byte[] bytes(byte[] original) {
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(original, original.length == 0 ? 0 : random.nextInt(original.length));
            case 1 -> joined(original, original);
            case 2 -> flipped(original);
            case 3 -> new byte[Math.min(original.length, 4_096)];
            case 4 -> joined(original, garbage());
            case 5 -> garbage();
            case 6 -> claiming(original);
            default -> new byte[0];
        };
    }

    private byte[] garbage() {
        byte[] garbage = new byte[1 + random.nextInt(64)];
        random.nextBytes(garbage);
        return garbage;
    }

    private byte[] flipped(byte[] original) {
        byte[] flipped = original.clone();
        for (int i = 0; i < 1 + random.nextInt(4) && flipped.length > 0; i++) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    /** With another number where some formats have their length. */
    private byte[] claiming(byte[] original) {
        byte[] claiming = Arrays.copyOf(original, Math.max(Integer.BYTES, original.length));
        ByteBuffer.wrap(claiming).putInt(0, any(-1, -2, 0, 1, original.length, 1 << 24, Integer.MAX_VALUE));
        return claiming;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** All but one of these. */
    public <T> List<T> without(List<T> all) {
        List<T> fewer = new ArrayList<>(all);
        if (!fewer.isEmpty()) {
            fewer.remove(random.nextInt(fewer.size()));
        }
        return fewer;
    }
}
