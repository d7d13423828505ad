package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.LongStringHelper;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.Mutations;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Messages of AMQP 0-9-1, stored in one or the other lane of a queue. */
@SuppressWarnings("JavaUtilDate") // what the client library has for it
final class RabbitMqMutable implements MutableMessages<RabbitMqMutable.Stored> {
    private static final Duration CONFIRM = Duration.ofSeconds(30);

    /** Not {@code CC} and {@code BCC}, which send copies to other queues. */
    private static final List<String> NAMES =
            List.of("x-delay", "x-death", "x-first-death-queue", "x-delivery-count", "x-stream-offset", "x-match", "");

    /** One message. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Stored(BasicProperties properties, byte[] body, int lane) {}

    private final String address;
    private final RabbitMqPlainClient plain;
    private final int lanes;
    private final Map<String, Boolean> there = new HashMap<>();
    private @Nullable Connection connection;
    private @Nullable Channel channel;

    RabbitMqMutable(String address, int lanes) {
        this.address = address;
        this.lanes = lanes;
        this.plain = new RabbitMqPlainClient(address, lanes);
    }

    @Override
    public List<Stored> read(String queue) throws Exception {
        return plain.deliveries(queue, 0, Duration.ZERO).stream()
                .map(delivery -> new Stored(delivery.getProperties(), delivery.getBody(), 0))
                .toList();
    }

    @Override
    public Stored mutated(Stored original, Mutations by) {
        Stored mutated = new Stored(original.properties, original.body, by.below(lanes));
        for (int i = by.below(3); i >= 0; i--) {
            mutated = by.below(6) == 0
                    ? new Stored(mutated.properties, by.bytes(mutated.body), mutated.lane)
                    : new Stored(changed(mutated.properties, by), mutated.body, mutated.lane);
        }
        return mutated;
    }

    private static BasicProperties changed(BasicProperties of, Mutations by) {
        BasicProperties.Builder builder = of.builder();
        return switch (by.below(16)) {
            case 0 ->
                builder.messageId(by.below(2) == 0 ? null : shortText(of.getMessageId(), by))
                        .build();
            case 1 ->
                builder.contentType(by.below(3) == 0 ? null : shortText(of.getContentType(), by))
                        .build();
            case 2 -> builder.contentEncoding(shortText("gzip", by)).build();
            case 3 ->
                builder.correlationId(shortText("", by))
                        .replyTo(shortText("", by))
                        .build();
            case 4 ->
                builder.type(shortText("", by))
                        .appId(shortText("", by))
                        .clusterId(shortText("", by))
                        .build();
            case 5 -> builder.timestamp(new Date(by.number())).build();
            case 6 ->
                builder.priority(by.any(0, 1, 9, 127, 255))
                        .deliveryMode(by.any(1, 2))
                        .build();
            case 7 -> builder.expiration(by.any("3600000", "4294967295")).build();
            default -> builder.headers(headers(of.getHeaders(), by)).build();
        };
    }

    /** At most 255 bytes. */
    private static String shortText(@Nullable String original, Mutations by) {
        String text = by.text(original == null ? "" : original);
        return text.getBytes(UTF_8).length <= 255 ? text : text.substring(0, 80);
    }

    private static Map<String, Object> headers(@Nullable Map<String, Object> headers, Mutations by) {
        Map<String, Object> changed = headers == null ? new HashMap<>() : new HashMap<>(headers);
        List<String> names = new ArrayList<>(changed.keySet());
        if (names.isEmpty() || by.below(4) == 0) {
            changed.put(by.name(NAMES), value("", by));
        } else if (by.below(3) == 0) {
            changed.remove(by.any(names));
        } else {
            String name = by.any(names);
            changed.put(name, value(changed.get(name), by));
        }
        return changed;
    }

    private static @Nullable Object value(@Nullable Object original, Mutations by) {
        long number = by.number();
        return switch (by.below(18)) {
            case 0 -> null;
            case 1 -> number;
            case 2 -> (int) number;
            case 3 -> (short) number;
            case 4 -> (byte) number;
            case 5 -> by.any(Double.NaN, Double.NEGATIVE_INFINITY, 0.1);
            case 6 -> by.any(Float.NaN, 1.5f);
            case 7 -> true;
            case 8 -> new Date(number);
            case 9 -> new BigDecimal("-1.50");
            case 10 -> by.bytes("some bytes".getBytes(UTF_8));
            case 11 ->
                LongStringHelper.asLongString(by.bytes(String.valueOf(original).getBytes(UTF_8)));
            case 12 -> nested(by.any(1, 29, 30, 31, 200));
            case 13 -> Map.of("x", number, "", Arrays.asList(1, null, "a"));
            case 14 -> "x".repeat(by.any(1_000, 60_000));
            default -> by.text(String.valueOf(original));
        };
    }

    private static Object nested(int levels) {
        Object value = "core";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("t", value);
        }
        return value;
    }

    @Override
    public Stored numbered(Stored of, int number) {
        Map<String, Object> headers = new HashMap<>();
        if (of.properties.getHeaders() != null) {
            headers.putAll(of.properties.getHeaders());
        }
        headers.put(StoredMessagesContract.NUMBER, Integer.toString(number));
        return new Stored(of.properties.builder().headers(headers).build(), of.body, of.lane);
    }

    @Override
    public boolean store(String queue, Stored message) throws Exception {
        try {
            Channel open = channel();
            // only lane 0 of a queue without order is there
            String lane = RabbitMqPlainClient.name(queue, message.lane);
            open.basicPublish(
                    "", isThere(open.getConnection(), lane) ? lane : queue, true, message.properties, message.body);
            open.waitForConfirmsOrDie(CONFIRM.toMillis());
            return true;
        } catch (IOException | TimeoutException | RuntimeException e) {
            closeConnection();
            return false;
        }
    }

    private boolean isThere(Connection open, String lane) throws Exception {
        Boolean known = there.get(lane);
        if (known == null) {
            known = RabbitMqPlainClient.ready(open, lane) >= 0;
            there.put(lane, known);
        }
        return known;
    }

    private Channel channel() throws Exception {
        Channel open = channel;
        if (open == null) {
            connection = RabbitMqPlainClient.connect(address);
            open = connection.createChannel();
            open.confirmSelect();
            channel = open;
        }
        return open;
    }

    @Override
    public int held(String queue, int expected, Duration bound) throws Exception {
        return plain.deliveries(queue, expected, bound).size();
    }

    @Override
    public String described(Stored message) {
        String properties = message.properties.toString();
        return properties.substring(0, Math.min(2_000, properties.length())) + ", body "
                + Arrays.toString(Arrays.copyOf(message.body, Math.min(message.body.length, 40))) + ", lane "
                + message.lane;
    }

    private void closeConnection() {
        Connection open = connection;
        channel = null;
        connection = null;
        if (open != null) {
            open.abort();
        }
    }

    @Override
    public void close() {
        closeConnection();
    }
}
