package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.anymq.tck.ForeignMessages;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Messages of other programs: tags, keys, flags, the properties of a request, user properties and keys of any text; and
 * delayed, compressed, in a batch or in a transaction.
 */
final class RocketMqForeign implements ForeignMessages {
    private final RocketMqPlainClient plain;
    private final Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> flags = new HashMap<>();

    /** Of those that are not simply sent. */
    private final Map<String, Storing> storings = new HashMap<>();

    private interface Storing {
        void store(String queue, Message message) throws Exception;
    }

    RocketMqForeign(RocketMqPlainClient plain) {
        this.plain = plain;
        kinds.put("nothing", Map.of());
        kinds.put("tags", Map.of("TAGS", "order-created"));
        kinds.put("key", Map.of("KEYS", "order-7"));
        kinds.put("several keys", Map.of("KEYS", "order-7 customer-3"));
        kinds.put("tags and keys", Map.of("TAGS", "größe", "KEYS", "ключ"));
        kinds.put("buyer", Map.of("BUYER_ID", "42"));
        kinds.put("request", Map.of("CORRELATION_ID", "c1", "REPLY_TO_CLIENT", "client@1", "TTL", "3000"));
        kinds.put("trace context", Map.of("TRACE_CONTEXT", "00-abc-01"));
        kinds.put("user properties", Map.of("tenant", "acme", "näme", "wört", "emoji", "😀"));
        kinds.put("long property", Map.of("long", "x".repeat(10_000)));
        kinds.put("property of a number", Map.of("count", "007"));
        kinds.put("property of spaces", Map.of("spaces", "  "));
        kinds.put("sharding key", Map.of("__SHARDINGKEY", "customer-7"));
        kinds.put("sharding key of any text", Map.of("__SHARDINGKEY", "ключ 😀"));
        kinds.put("flag", Map.of());
        flags.put("flag", 7);
        kinds.put("negative flag", Map.of("TAGS", "t"));
        flags.put("negative flag", -1);
        kinds.put("not to be traced", Map.of());
        storings.put("not to be traced", (queue, message) -> {
            message.putUserProperty("traced", "no");
            MessageAccessor.putProperty(message, "TRACE_ON", "false");
            plain.send(message);
        });
        kinds.put("delay level 1", Map.of());
        storings.put("delay level 1", (queue, message) -> {
            message.setDelayTimeLevel(1);
            plain.send(message);
        });
        kinds.put("batch of one", Map.of("TAGS", "batch"));
        storings.put("batch of one", (queue, message) -> plain.sendBatch(message));
        kinds.put("of a transaction", Map.of("KEYS", "half"));
        storings.put("of a transaction", (queue, message) -> plain.sendInTransaction(message));
        compressed("compressed by zlib", 0x301, RocketMqMalformed::deflated);
        compressed("compressed by an old client", 0x1, RocketMqMalformed::deflated);
        compressed("compressed by LZ4", 0x101, RocketMqMalformed::lz4);
        compressed("compressed by Zstandard", 0x201, Zstd::compress);
    }

    private void compressed(String kind, int flag, UnaryOperator<byte[]> compression) {
        kinds.put(kind, Map.of());
        storings.put(
                kind, (queue, message) -> plain.sendFlagged(queue, kind, flag, compression.apply(message.getBody())));
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(kinds.keySet());
    }

    @Override
    public void store(String queue, String kind) throws Exception {
        Message message = new Message(queue, kind.getBytes(UTF_8));
        kinds.get(kind).forEach((name, value) -> MessageAccessor.putProperty(message, name, value));
        message.setFlag(flags.getOrDefault(kind, 0));
        Storing storing = storings.get(kind);
        if (storing == null) {
            plain.send(message);
        } else {
            storing.store(queue, message);
        }
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        Map<String, Integer> held = new HashMap<>();
        kinds.keySet().forEach(kind -> held.put(kind, 0));
        for (MessageExt message : plain.readAll(queue)) {
            String kind = new String(message.getBody(), UTF_8);
            Map<String, String> stored = new HashMap<>(message.getProperties());
            stored.keySet().retainAll(kinds.get(kind).keySet());
            if (stored.equals(kinds.get(kind)) && message.getFlag() == flags.getOrDefault(kind, 0)) {
                held.merge(kind, 1, Integer::sum);
            }
        }
        return held;
    }
}
