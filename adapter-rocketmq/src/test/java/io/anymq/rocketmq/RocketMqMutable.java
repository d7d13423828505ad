package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.Mutations;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader;

/** Messages as the vendor's protocol has them, past what its producer would check. */
final class RocketMqMutable implements MutableMessages<RocketMqMutable.Stored> {
    /** Not those with which the broker keeps a message back, such as {@code DELAY} or {@code TRAN_MSG}. */
    private static final List<String> NAMES = List.of(
            "TAGS",
            "KEYS",
            "UNIQ_KEY",
            "__SHARDINGKEY",
            "WAIT",
            "BUYER_ID",
            "ORIGIN_MESSAGE_ID",
            "RECONSUME_TIME",
            "MAX_RECONSUME_TIMES",
            "RETRY_TOPIC",
            "REAL_TOPIC",
            "REAL_QID",
            "MIN_OFFSET",
            "MAX_OFFSET",
            "CORRELATION_ID",
            "REPLY_TO_CLIENT",
            "TTL",
            "MSG_TYPE",
            "INSTANCE_ID",
            "EXTEND_UNIQ_INFO",
            "CONSUME_START_TIME",
            "POP_CK",
            "1ST_POP_TIME",
            "DLQ_ORIGIN_TOPIC",
            "TRACE_CONTEXT",
            "mq-more",
            "mq-empty");

    /** Compressed, several tags, committed, a batch, and all compressions that there may be; no addresses of IPv6. */
    private static final List<Integer> FLAGS =
            List.of(0, 1, 2, 8, 0x40, 0x80, 0xC0, 0x100, 0x101, 0x200, 0x201, 0x300, 0x301, 0x401, 0x501, 0x601, 0x701);

    private static final int KEPT_FLAGS = 0x701;

    /** One message. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Stored(String properties, byte[] body, Fields fields) {}

    /** Its numbers. */
    record Fields(int sysFlag, int flag, long bornAt, int reconsumed, int queue) {}

    private final RocketMqPlainClient plain;
    private final Map<String, Integer> queues = new HashMap<>();

    RocketMqMutable(RocketMqPlainClient plain) {
        this.plain = plain;
    }

    @Override
    public List<Stored> read(String queue) throws Exception {
        return plain.readRaw(queue).stream()
                .map(message -> {
                    Map<String, String> properties = new LinkedHashMap<>(message.getProperties());
                    properties.keySet().removeIf(RocketMqMutable::keepsBack);
                    return new Stored(
                            MessageDecoder.messageProperties2String(properties),
                            message.getBody(),
                            new Fields(
                                    message.getSysFlag() & KEPT_FLAGS,
                                    message.getFlag(),
                                    System.currentTimeMillis(),
                                    0,
                                    0));
                })
                .toList();
    }

    private static boolean keepsBack(String name) {
        return name.startsWith("TIMER_")
                || name.startsWith("INNER_")
                || name.startsWith("TRAN")
                || name.equals("DELAY")
                || name.equals("PGROUP");
    }

    @Override
    public Stored mutated(Stored original, Mutations by) {
        Fields of = original.fields;
        Stored mutated = new Stored(
                original.properties,
                original.body,
                new Fields(of.sysFlag, of.flag, of.bornAt, of.reconsumed, by.below(1_000)));
        for (int i = by.below(3); i >= 0; i--) {
            mutated = switch (by.below(8)) {
                case 0, 1 -> new Stored(mutated.properties, by.bytes(mutated.body), mutated.fields);
                case 2, 3 -> new Stored(mutated.properties, mutated.body, changed(mutated.fields, by));
                case 4 -> new Stored(garbled(mutated.properties, by), mutated.body, mutated.fields);
                default -> new Stored(properties(mutated.properties, by), mutated.body, mutated.fields);
            };
        }
        return mutated;
    }

    private static Fields changed(Fields of, Mutations by) {
        return switch (by.below(5)) {
            case 0 -> new Fields(of.sysFlag, (int) by.number(), of.bornAt, of.reconsumed, of.queue);
            case 1 -> new Fields(of.sysFlag, of.flag, by.number(), of.reconsumed, of.queue);
            case 2 -> new Fields(of.sysFlag, of.flag, of.bornAt, (int) by.number(), of.queue);
            default -> new Fields(by.any(FLAGS), of.flag, of.bornAt, of.reconsumed, of.queue);
        };
    }

    /** Separators that are too many or missing. */
    private static String garbled(String properties, Mutations by) {
        int place = properties.isEmpty() ? 0 : by.below(properties.length());
        return switch (by.below(4)) {
            case 0 -> "";
            case 1 -> properties.substring(0, place);
            case 2 ->
                properties.substring(0, place)
                        + by.any("\u0001", "\u0002", "\u0001\u0002", "\u0000", "\u0002\u0002")
                        + properties.substring(place);
            default -> properties + properties;
        };
    }

    private static String properties(String properties, Mutations by) {
        Map<String, String> changed = new HashMap<>(MessageDecoder.string2messageProperties(properties));
        List<String> names = new ArrayList<>(changed.keySet());
        if (names.isEmpty() || by.below(3) == 0) {
            changed.put(by.name(NAMES), by.text(""));
        } else if (by.below(3) == 0) {
            changed.remove(by.any(names));
        } else {
            String name = by.any(names);
            changed.put(name, by.below(12) == 0 ? "x".repeat(30_000) : by.text(changed.getOrDefault(name, "")));
        }
        return MessageDecoder.messageProperties2String(changed);
    }

    @Override
    public Stored numbered(Stored of, int number) {
        return new Stored(
                StoredMessagesContract.NUMBER + "\u0001" + number + "\u0002" + of.properties, of.body, of.fields);
    }

    @Override
    public boolean store(String queue, Stored message) throws Exception {
        SendMessageRequestHeader header = plain.request(queue);
        Fields fields = message.fields;
        Integer known = queues.get(queue);
        int count = known == null ? plain.queues(queue) : known;
        queues.put(queue, count);
        header.setQueueId(fields.queue % count);
        header.setSysFlag(fields.sysFlag);
        header.setFlag(fields.flag);
        header.setBornTimestamp(fields.bornAt);
        header.setReconsumeTimes(fields.reconsumed);
        header.setProperties(message.properties);
        return plain.send(header, message.body) == null;
    }

    @Override
    public int held(String queue, int expected, Duration bound) throws Exception {
        long end = System.nanoTime() + bound.toNanos();
        int held;
        do {
            held = plain.readRaw(queue).size();
        } while (held < expected && System.nanoTime() < end);
        return held;
    }

    @Override
    public String described(Stored message) {
        byte[] body = message.body;
        return message.fields + ", properties "
                + message.properties.replace('\u0001', '=').replace('\u0002', ';') + ", body "
                + new String(Arrays.copyOf(body, Math.min(40, body.length)), UTF_8);
    }

    @Override
    public void close() {
        // the client is shared
    }
}
