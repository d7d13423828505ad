package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Written and read by the vendor's own classes. */
class HeaderGuardTest {
    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;

    private static byte[] frame(int type, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(type);
        out.writeShort(7);
        out.writeInt(payload.length);
        out.write(payload);
        out.writeByte(0xCE);
        return bytes.toByteArray();
    }

    private static byte[] header(Map<String, Object> headers) throws IOException {
        BasicProperties properties = new BasicProperties.Builder()
                .contentType("text/plain")
                .contentEncoding("identity")
                .messageId("m1")
                .headers(headers)
                .build();
        Frame frame = properties.toFrame(7, 4_711);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.writeTo(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static Object nested(int levels) {
        Object value = "core";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("n", value);
        }
        return value;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static List<Frame> frames(InputStream in) throws IOException {
        DataInputStream frames = new DataInputStream(in);
        List<Frame> found = new ArrayList<>();
        for (Frame frame = next(frames); frame != null; frame = next(frames)) {
            found.add(frame);
        }
        return found;
    }

    private static Frame next(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        int channel = in.readUnsignedShort();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        assertThat(in.readUnsignedByte()).as("end of a frame").isEqualTo(0xCE);
        return new Frame(type, channel, payload);
    }

    private static BasicProperties properties(Frame frame) throws IOException {
        AMQContentHeader header = AMQImpl.readContentHeaderFrom(frame.getInputStream());
        assertThat(header.getBodySize()).isEqualTo(4_711);
        return (BasicProperties) header;
    }

    /** Gives at most so many bytes at once. */
    private static InputStream inPieces(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int from, int count) {
                return super.read(into, from, Math.min(count, most));
            }
        };
    }

    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    private static Map<String, Object> everyType() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("text", "gr\u00f6\u00dfer");
        headers.put("int", 1);
        headers.put("long", 2L);
        headers.put("short", (short) 3);
        headers.put("byte", (byte) 4);
        headers.put("flag", true);
        headers.put("float", 1.5f);
        headers.put("double", 2.5);
        headers.put("decimal", new java.math.BigDecimal("1.25"));
        headers.put("time", new java.util.Date(1_700_000_000_000L));
        headers.put("bytes", new byte[] {1, 2});
        headers.put("void", null);
        headers.put("nested", nested(20));
        return headers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1_000, 1_000_000})
    void whatTheLibraryReadsPassesUnchanged(int piece) throws IOException {
        byte[] all = joined(
                frame(METHOD, new byte[50]),
                header(everyType()),
                frame(BODY, new byte[200_000]),
                header(Map.of()),
                frame(BODY, new byte[0]),
                header(everyType()));
        assertThat(new HeaderGuard(inPieces(all, piece)).readAllBytes()).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1_000, 1_000_000})
    void headersThatAreNestedTooDeeplyAreReplacedByTheirBytes(int piece) throws IOException {
        for (int depth : new int[] {33, 100, 400}) {
            byte[] all = joined(
                    header(everyType()),
                    frame(BODY, new byte[10]),
                    header(Map.of("deep", nested(depth))),
                    frame(BODY, "body".getBytes(UTF_8)),
                    header(everyType()));
            List<Frame> frames = frames(new HeaderGuard(inPieces(all, piece)));
            assertThat(frames).extracting(frame -> frame.getType()).containsExactly(HEADER, BODY, HEADER, BODY, HEADER);
            BasicProperties guarded = properties(frames.get(2));
            assertThat(guarded.getMessageId()).isEqualTo("m1");
            assertThat(guarded.getContentType()).isEqualTo("text/plain");
            assertThat(guarded.getHeaders()).containsOnlyKeys(HeaderGuard.RAW);
            byte[] raw = (byte[]) guarded.getHeaders().get(HeaderGuard.RAW);
            assertThat(raw).hasSizeGreaterThan(4 * depth).startsWith(4, 'd', 'e', 'e', 'p');
            assertThat(frames.get(3).getPayload()).isEqualTo("body".getBytes(UTF_8));
            assertThat(properties(frames.get(4)).getHeaders())
                    .containsOnlyKeys(everyType().keySet());
        }
    }

    /** Whatever the bytes of a table are, the library can read what passes; seeded. */
    @Test
    void mutatedTablesNeverEndAConnection() throws IOException {
        Random random = new Random(20_261_130);
        byte[] sound = header(everyType());
        // behind flags, content type and encoding, up to the end of the message id
        int first = 7 + 12 + 2 + 11 + 9 + 4;
        for (int run = 0; run < 5_000; run++) {
            byte[] mutated = sound.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutated[first + random.nextInt(mutated.length - first - 1 - 3)] = (byte) random.nextInt(256);
            }
            List<Frame> frames = frames(new HeaderGuard(new ByteArrayInputStream(joined(mutated, header(Map.of())))));
            assertThat(frames).hasSize(2);
            properties(frames.get(0));
            properties(frames.get(1));
        }
    }

    @Test
    void anEndInTheMiddleOfAFrameIsPassedOn() throws IOException {
        byte[] half = Arrays.copyOf(header(everyType()), 40);
        assertThat(new HeaderGuard(new ByteArrayInputStream(half)).readAllBytes())
                .isEqualTo(half);
        byte[] greeting = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
        assertThat(new HeaderGuard(new ByteArrayInputStream(greeting)).readAllBytes())
                .isEqualTo(greeting);
    }
}
