package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.MalformedMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.util.ByteSequence;

/**
 * Text that is no text, and bodies that claim to be deflated, or of some length. Classic stores whatever it is sent;
 * Artemis reads it first, and takes only what it can write again.
 */
final class ActiveMqMalformed implements MalformedMessages {
    /** More than the largest message of the default configuration. */
    private static final int HUGE = 20 << 20;

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Stored(boolean text, boolean deflated, byte[] body) {
        ActiveMQMessage message() {
            ActiveMQMessage message = text ? new ActiveMQTextMessage() : new ActiveMQBytesMessage();
            message.setContent(new ByteSequence(body));
            message.setCompressed(deflated);
            return message;
        }

        boolean isSame(ActiveMQMessage other) {
            return other instanceof ActiveMQTextMessage == text
                    && other.isCompressed() == deflated
                    && other.getContent() != null
                    && Arrays.equals(other.getContent().toArray(), body);
        }
    }

    private final Map<String, Stored> kinds = new LinkedHashMap<>();
    private final ActiveMqPlainClient plain;

    ActiveMqMalformed(ActiveMqPlainClient plain, boolean artemis) {
        this.plain = plain;
        // written as Java's modified UTF-8 does it
        text("half of a surrogate pair", 3, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0xBD});
        if (artemis) {
            return;
        }
        text("a character beyond U+FFFF in ordinary UTF-8", 10, "smile \uD83D\uDE00".getBytes(UTF_8));
        text("broken UTF-8", 2, new byte[] {(byte) 0xC3, 0x28});
        text("text cut short", 40, "a part of it".getBytes(UTF_8));
        text("text that claims 2 GiB", Integer.MAX_VALUE, "small".getBytes(UTF_8));
        text("text of negative length", -2, "negative".getBytes(UTF_8));
        kinds.put("text without a length", new Stored(true, false, new byte[] {0, 0}));
        kinds.put("text that is not deflated", new Stored(true, true, "not deflated".getBytes(UTF_8)));
        kinds.put("text cut short when deflated", new Stored(true, true, cut(deflated(withLength(5, "short")))));
        kinds.put("text that inflates too far", new Stored(true, true, deflated(withLength(HUGE, new byte[HUGE]))));
        bytes("bytes that are not deflated", 20, "no bytes of Deflate".getBytes(UTF_8));
        bytes(
                "bytes cut short",
                500,
                cut(deflated("a text of some length".repeat(20).getBytes(UTF_8))));
        bytes("bytes that claim less than nothing", -1, deflated("below zero".getBytes(UTF_8)));
        bytes("bytes that claim 2 GiB", Integer.MAX_VALUE, deflated("hi".getBytes(UTF_8)));
        bytes("bytes that inflate too far", HUGE, deflated(new byte[HUGE]));
        kinds.put("bytes without a length", new Stored(false, true, new byte[] {1, 2, 3}));
    }

    private void text(String kind, int length, byte[] characters) {
        kinds.put(kind, new Stored(true, false, withLength(length, characters)));
    }

    private void bytes(String kind, int length, byte[] deflated) {
        kinds.put(kind, new Stored(false, true, withLength(length, deflated)));
    }

    static byte[] withLength(int length, byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(length)
                .put(bytes)
                .array();
    }

    private static byte[] withLength(int length, String text) {
        return withLength(length, text.getBytes(UTF_8));
    }

    private static byte[] cut(byte[] whole) {
        return Arrays.copyOf(whole, whole.length - 6);
    }

    static byte[] deflated(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
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
        plain.sendRaw(queue, key, message(kind));
    }

    /** One of this kind. */
    ActiveMQMessage message(String kind) {
        return kinds.get(kind).message();
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        List<ActiveMQMessage> all = plain.readRaw(queue);
        Map<String, Integer> held = new HashMap<>();
        kinds.forEach((kind, stored) ->
                held.put(kind, (int) all.stream().filter(stored::isSame).count()));
        return held;
    }
}
