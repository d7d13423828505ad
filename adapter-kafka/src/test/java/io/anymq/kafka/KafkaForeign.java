package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.ForeignMessages;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Records of other programs: keys of every serializer, headers of any bytes, no value at all, every compression. */
final class KafkaForeign implements ForeignMessages {
    private final KafkaPlainClient plain;
    private final Map<String, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();

    /** What the producers of some are told. */
    private final Map<String, Map<String, Object>> settings = new HashMap<>();

    KafkaForeign(KafkaPlainClient plain) {
        this.plain = plain;
        key("key: long 128", number(128));
        key("key: long 129", number(129));
        key("key: long -1", number(-1));
        key("key: integer", ByteBuffer.allocate(Integer.BYTES).putInt(200).array());
        key("key: double", ByteBuffer.allocate(Double.BYTES).putDouble(-0.1).array());
        key(
                "key: UUID",
                ByteBuffer.allocate(16)
                        .putLong(0xFFEE_8001_0203_04F5L)
                        .putLong(-2)
                        .array());
        key("key: latin 1", new byte[] {'M', (byte) 0xFC, 'l', 'l', 'e', 'r'});
        key("key: utf-16", new byte[] {(byte) 0xFE, (byte) 0xFF, 0, 'a'});
        key("key: half a surrogate", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
        key("key: overlong", new byte[] {(byte) 0xC0, (byte) 0x80});
        key("key: cut character", new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x98});
        key("key: replacement character", "\uFFFD".getBytes(UTF_8));
        key("key: beyond the BMP", "😀".getBytes(UTF_8));
        key("key: zeros", new byte[3]);
        key("no key", null);
        // of a compacted topic: deletes its key
        value("no value", null);
        value("empty value", new byte[0]);
        value("value that is not UTF-8", new byte[] {-1, -2, 'x'});
        value("value with Avro's schema id", new byte[] {0, 0, 0, 0, 42, 6, 'f', 'o', 'o'});
        records.put("time 0", new ProducerRecord<>("", null, 0L, "time 0".getBytes(UTF_8), "time 0".getBytes(UTF_8)));
        for (String compression : List.of("gzip", "snappy", "lz4", "zstd")) {
            produced("batch compressed by " + compression, Map.of("compression.type", compression));
        }
        produced("of a transaction", Map.of("transactional.id", "foreign-" + UUID.randomUUID()));
        produced("without idempotence", Map.of("enable.idempotence", false, "acks", "1"));
        header("header: binary", "trace", new byte[] {-1, -2, 1, 2, -128});
        header("header: every byte", "bytes", everyByte());
        header("header: null", "nothing", new byte[][] {null});
        header("header: empty", "empty", new byte[0]);
        header("header: repeated", "hop", new byte[] {1}, new byte[] {-1}, new byte[] {1});
        header("header: repeated, once null", "hop", new byte[] {1}, null);
        header("header: name of any text", "näme \n", new byte[] {7});
        header("header: empty name", "", new byte[] {7});
        header("header: long", "digits", number(4_000_000_000L));
        header("header of 100 kB", "large", new byte[100_000]);
        header("a hundred headers of one name", "many", hundred());
        header("header: Spring's type", "__TypeId__", "com.shop.Order".getBytes(UTF_8));
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] everyByte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    private static byte[][] hundred() {
        byte[][] hundred = new byte[100][];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = new byte[] {(byte) i};
        }
        return hundred;
    }

    private void produced(String kind, Map<String, Object> by) {
        key(kind, kind.getBytes(UTF_8));
        settings.put(kind, by);
    }

    private void value(String kind, byte @Nullable [] value) {
        records.put(kind, new ProducerRecord<>("", kind.getBytes(UTF_8), value));
    }

    private void key(String kind, byte @Nullable [] key) {
        records.put(kind, new ProducerRecord<>("", key, kind.getBytes(UTF_8)));
    }

    private void header(String kind, String name, byte[]... values) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("", kind.getBytes(UTF_8), kind.getBytes(UTF_8));
        for (byte[] value : values) {
            record.headers().add(name, value);
        }
        records.put(kind, record);
    }

    @Override
    public List<String> kinds() {
        return List.copyOf(records.keySet());
    }

    @Override
    public void store(String queue, String kind) throws Exception {
        ProducerRecord<byte[], byte[]> record = records.get(kind);
        plain.send(
                new ProducerRecord<>(queue, null, record.timestamp(), record.key(), record.value(), record.headers()),
                settings.getOrDefault(kind, Map.of()));
    }

    @Override
    public Map<String, Integer> held(String queue) {
        Map<String, Integer> held = new HashMap<>();
        records.keySet().forEach(kind -> held.put(kind, 0));
        for (ConsumerRecord<byte[], byte[]> record : plain.records(queue)) {
            records.forEach((kind, stored) -> {
                if (isAsStored(record, stored)) {
                    held.merge(kind, 1, Integer::sum);
                }
            });
        }
        return held;
    }

    private static boolean isAsStored(ConsumerRecord<byte[], byte[]> record, ProducerRecord<byte[], byte[]> stored) {
        return Arrays.equals(record.value(), stored.value())
                && Arrays.equals(record.key(), stored.key())
                && foreign(record.headers()).equals(foreign(stored.headers()));
    }

    private static List<String> foreign(Iterable<Header> headers) {
        List<String> texts = new ArrayList<>();
        headers.forEach(header -> {
            if (!header.key().startsWith("mq-")) {
                texts.add(header.key() + "=" + Arrays.toString(header.value()));
            }
        });
        return texts;
    }
}
