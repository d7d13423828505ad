package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;
import io.anymq.tck.ForeignMessages;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages of other programs: every property of AMQP, headers of every type, nested and binary ones, binary keys. */
@SuppressWarnings("JavaUtilDate") // what the client library has for it
final class RabbitMqForeign implements ForeignMessages {
    private final RabbitMqPlainClient plain;
    private final Map<String, BasicProperties> messages = new LinkedHashMap<>();

    RabbitMqForeign(RabbitMqPlainClient plain) {
        this.plain = plain;
        messages.put("no properties", new BasicProperties());
        property("content-encoding", properties -> properties.contentEncoding("gzip"));
        property("correlation-id", properties -> properties.correlationId("call 7"));
        property("reply-to", properties -> properties.replyTo("amq.rabbitmq.reply-to.g1h2"));
        property("type", properties -> properties.type("order.created"));
        property("app-id", properties -> properties.appId("shop"));
        property("longest app-id", properties -> properties.appId("ü".repeat(127)));
        property("priority 0", properties -> properties.priority(0));
        property("priority 9", properties -> properties.priority(9));
        property("expiration", properties -> properties.expiration("3600000"));
        property("time stamp", properties -> properties.timestamp(new Date(1_000_000_000_000L)));
        property("content type", properties -> properties.contentType("application/x-protobuf; v=2"));
        property(
                "all properties",
                properties -> properties
                        .contentEncoding("identity")
                        .correlationId("")
                        .replyTo("answers")
                        .type("t")
                        .appId("a")
                        .priority(4)
                        .expiration("7200000"));
        header("header: long", 1L << 40);
        header("header: int", -7);
        header("header: short", (short) 300);
        header("header: byte", (byte) -1);
        header("header: double", 0.1);
        header("header: float", 1.5f);
        header("header: boolean", true);
        header("header: date", new Date(0));
        header("header: decimal", new BigDecimal("1.50"));
        header("header: null", null);
        header("header: bytes", new byte[] {-1, 0, -128});
        header("header: bytes that are text", new byte[] {'a'});
        header("header: string that is not UTF-8", LongStringHelper.asLongString(new byte[] {-1, 'x'}));
        header("header: empty string", "");
        header("header: list", List.of(1, "a", new byte[] {-1}));
        header("header: table", Map.of("x", 1, "y", Map.of("z", true)));
        header("header of 20 kB", "x".repeat(20_000));
        header("header with an empty name", "", "empty name");
        header("header with an odd name", "näme\n", "odd name");
        header("header x-match", "x-match", "all");
        header("key of bytes", "mq-key", new byte[] {0, -128});
        header("key that is not UTF-8", "mq-key", LongStringHelper.asLongString(new byte[] {0, -127}));
        header("key of a number", "mq-key", 42L);
    }

    private void property(String kind, UnaryOperator<BasicProperties.Builder> set) {
        messages.put(kind, set.apply(new BasicProperties.Builder()).build());
    }

    private void header(String kind, @Nullable Object value) {
        header(kind, "x", value);
    }

    private void header(String kind, String name, @Nullable Object value) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(name, value);
        messages.put(kind, new BasicProperties.Builder().headers(headers).build());
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(messages.keySet());
    }

    @Override
    public void store(String queue, String kind) throws Exception {
        plain.send(queue, messages.get(kind), kind.getBytes(UTF_8));
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        Map<String, Integer> held = new HashMap<>();
        messages.keySet().forEach(kind -> held.put(kind, 0));
        for (Delivery delivery : plain.deliveries(queue, 0, Duration.ZERO)) {
            String kind = new String(delivery.getBody(), UTF_8);
            if (isAsStored(delivery.getProperties(), messages.get(kind))) {
                held.merge(kind, 1, Integer::sum);
            }
        }
        return held;
    }

    private static boolean isAsStored(BasicProperties held, BasicProperties stored) {
        Map<String, Object> headers = held.getHeaders() == null ? Map.of() : held.getHeaders();
        Map<String, Object> expected = stored.getHeaders() == null ? Map.of() : stored.getHeaders();
        return properties(held).equals(properties(stored))
                && expected.entrySet().stream()
                        .allMatch(header -> headers.containsKey(header.getKey())
                                && described(headers.get(header.getKey())).equals(described(header.getValue())));
    }

    private static List<Object> properties(BasicProperties of) {
        Object expiration = of.getExpiration();
        if (expiration == null && of.getHeaders() != null) {
            expiration = of.getHeaders().get("mq-expiration");
        }
        return Stream.of(
                        of.getContentType(),
                        of.getContentEncoding(),
                        of.getCorrelationId(),
                        of.getReplyTo(),
                        of.getType(),
                        of.getAppId(),
                        of.getPriority(),
                        of.getTimestamp(),
                        expiration)
                .<Object>map(String::valueOf)
                .toList();
    }

    /** Type and content, as text. */
    private static String described(Object value) {
        if (value instanceof LongString text) {
            return hex("string", text.getBytes());
        }
        if (value instanceof String text) {
            return hex("string", text.getBytes(UTF_8));
        }
        if (value instanceof byte[] bytes) {
            return hex("bytes", bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RabbitMqForeign::described).toList().toString();
        }
        if (value instanceof Map<?, ?> table) {
            Map<String, String> sorted = new TreeMap<>();
            table.forEach((name, each) -> sorted.put(String.valueOf(name), described(each)));
            return sorted.toString();
        }
        return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    }

    private static String hex(String type, byte[] bytes) {
        return type + " " + HexFormat.of().formatHex(bytes);
    }
}
