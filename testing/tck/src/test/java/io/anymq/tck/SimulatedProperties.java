package io.anymq.tck;

import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.EscapedUtf8;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingOutbound;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives the embedded broker, which stores objects, a property of its own that AnyMQ has no name for, and keys of any bytes.
 * A correct adapter of it, so that flaws can be seeded.
 */
final class SimulatedProperties implements ForeignMessages {
    /** The property that the broker stores; no header. */
    private static final String PROPERTY = "x-simulated-type";

    private static final Map<String, PlainMessage> MESSAGES = Map.of(
            "key 128", message("key 128", (byte) 0x80, Map.of()),
            "key 129", message("key 129", (byte) 0x81, Map.of()),
            "header", message("header", (byte) 'k', Map.of("trace", EscapedUtf8.decode(new byte[] {-1, 1, -128}))),
            "property", message("property", (byte) 'p', Map.of(PROPERTY, "order.created")));

    private final InMemoryBroker broker;
    private final InMemoryPlainClient plain;

    SimulatedProperties(InMemoryBroker broker) {
        this.broker = broker;
        this.plain = new InMemoryPlainClient(broker);
    }

    private static PlainMessage message(String kind, byte key, Map<String, String> headers) {
        return new PlainMessage(
                null, EscapedUtf8.decode(new byte[] {0, key}), Messages.utf8(kind), Messages.TEXT, headers);
    }

    @Override
    public List<String> kinds() {
        return MESSAGES.keySet().stream().sorted().toList();
    }

    @Override
    public void store(String queue, String kind) throws Exception {
        PlainMessage message = MESSAGES.get(kind);
        plain.send(
                queue, new PlainMessage(kind, message.key(), message.body(), message.contentType(), message.headers()));
    }

    @Override
    public Map<String, Integer> held(String queue) {
        Map<String, Integer> held = new HashMap<>();
        MESSAGES.forEach((kind, message) -> held.put(kind, (int) broker.browse(queue).stream()
                .filter(stored -> Objects.equals(stored.key(), message.key()))
                .filter(stored -> stored.headers()
                        .entrySet()
                        .containsAll(message.headers().entrySet()))
                .count()));
        return held;
    }

    /** The connection of an adapter that keeps the property. */
    static BrokerConnection through(BrokerConnection connection) {
        return new TranslatingConnection(
                connection,
                message -> List.of(withProperty(message)),
                message -> message.headers().containsKey(PROPERTY) ? new Typed(message) : message);
    }

    private record Property(String value) {}

    private static OutboundMessage withProperty(OutboundMessage message) {
        InboundMessage received = message.received();
        Optional<Property> property = received == null ? Optional.empty() : received.unwrap(Property.class);
        if (property.isEmpty()) {
            return message;
        }
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.put(PROPERTY, property.get().value());
        return new ForwardingOutbound(message) {
            @Override
            public Map<String, String> headers() {
                return headers;
            }
        };
    }

    private static final class Typed extends ForwardingInbound {
        private final Property property;
        private final Map<String, String> headers;

        Typed(InboundMessage stored) {
            super(stored);
            this.property = new Property(stored.headers().get(PROPERTY));
            this.headers = new LinkedHashMap<>(stored.headers());
            headers.remove(PROPERTY);
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return type == Property.class ? Optional.of(type.cast(property)) : super.unwrap(type);
        }
    }
}
