package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.ForeignMessages;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExt;

/** Messages of other programs: tags, keys, flags, the properties of a request, user properties and keys of any text. */
final class RocketMqForeign implements ForeignMessages {
    private final RocketMqPlainClient plain;
    private final Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> flags = new HashMap<>();

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
        plain.send(message);
    }

    @Override
    public Map<String, Integer> held(String queue) throws Exception {
        Map<String, Integer> held = new HashMap<>();
        kinds.keySet().forEach(kind -> held.put(kind, 0));
        for (MessageExt message : plain.readRaw(queue)) {
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
