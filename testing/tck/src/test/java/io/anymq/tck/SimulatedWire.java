package io.anymq.tck;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.Undecodable;
import io.anymq.spi.support.LazyBody;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingOutbound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Gives the embedded broker, which stores objects, a form in which bodies may be compressed, and so broken: messages with a
 * flag, of which clients see the decoded body alone. A correct adapter of it, so that flaws can be seeded.
 */
final class SimulatedWire implements MalformedMessages {
    /** The flag that the broker stores beside a compressed body; no header. */
    private static final String FLAG = "x-simulated-compression";

    private static final String COMPRESSED = "deflate";
    private static final int LARGEST_BODY = 1 << 20;

    private static final Map<String, byte[]> BODIES = Map.of(
            "garbage", Messages.utf8("not compressed at all"),
            "cut short", Arrays.copyOf(deflated(Messages.utf8("a body of some length")), 12),
            "too large", deflated(new byte[LARGEST_BODY + 1]));

    private final InMemoryBroker broker;
    private final InMemoryPlainClient plain;

    SimulatedWire(InMemoryBroker broker) {
        this.broker = broker;
        this.plain = new InMemoryPlainClient(broker);
    }

    private static byte[] deflated(byte[] body) {
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
        return BODIES.keySet().stream().sorted().toList();
    }

    @Override
    public byte[] body(String kind) {
        return BODIES.get(kind);
    }

    @Override
    public void store(String queue, String kind, String key) throws Exception {
        plain.send(queue, new PlainMessage(kind, key, body(kind), Messages.TEXT, Map.of(FLAG, COMPRESSED)));
    }

    @Override
    public Map<String, Integer> held(String queue) {
        Map<String, Integer> held = new HashMap<>();
        BODIES.forEach((kind, body) -> held.put(kind, (int) broker.browse(queue).stream()
                .filter(stored -> COMPRESSED.equals(stored.headers().get(FLAG)))
                .filter(stored -> Arrays.equals(stored.body(), body))
                .count()));
        return held;
    }

    /** The connection of an adapter that knows of the flag. */
    static BrokerConnection through(BrokerConnection connection) {
        return new TranslatingConnection(
                connection,
                SimulatedWire::flagged,
                message -> message.headers().containsKey(FLAG) ? new Compressed(message) : message);
    }

    private static List<OutboundMessage> flagged(OutboundMessage message) {
        if (message.storedAs().isEmpty()) {
            return List.of(message);
        }
        if (!message.storedAs().equals(COMPRESSED)) {
            message.rejected(new MessagingException(ErrorCode.INVALID_MESSAGE, "cannot store " + message.storedAs()));
            return List.of();
        }
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.put(FLAG, COMPRESSED);
        return List.of(new ForwardingOutbound(message) {
            @Override
            public Map<String, String> headers() {
                return headers;
            }

            @Override
            public String storedAs() {
                return "";
            }
        });
    }

    private static final class Compressed extends ForwardingInbound {
        private final LazyBody body;
        private final Map<String, String> headers;

        Compressed(InboundMessage stored) {
            super(stored);
            this.body = new LazyBody(
                    stored.body(),
                    COMPRESSED,
                    bytes -> LazyBody.read(new InflaterInputStream(new ByteArrayInputStream(bytes)), LARGEST_BODY));
            this.headers = new LinkedHashMap<>(stored.headers());
            headers.remove(FLAG);
        }

        @Override
        public byte[] body() {
            return body.bytes();
        }

        @Override
        public Undecodable undecodable() {
            return body.undecodable();
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }
    }
}
