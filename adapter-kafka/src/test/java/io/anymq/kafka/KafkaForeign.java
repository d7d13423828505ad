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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Records of other programs: keys of every serializer, binary, null, empty and repeated headers, no value at all. */
final class KafkaForeign implements ForeignMessages {
    /** Of a compacted topic: deletes its key. */
    private static final String NO_VALUE = "no value";

    private final KafkaPlainClient plain;
    private final Map<String, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();

    KafkaForeign(KafkaPlainClient plain) {
        this.plain = plain;
        key("long 128", number(128));
        key("long 129", number(129));
        key("long -1", number(-1));
        key("integer", ByteBuffer.allocate(Integer.BYTES).putInt(200).array());
        key("double", ByteBuffer.allocate(Double.BYTES).putDouble(-0.1).array());
        key(
                "uuid",
                ByteBuffer.allocate(16)
                        .putLong(0xFFEE_8001_0203_04F5L)
                        .putLong(-2)
                        .array());
        key("latin 1", new byte[] {'M', (byte) 0xFC, 'l', 'l', 'e', 'r'});
        key("utf-16", new byte[] {(byte) 0xFE, (byte) 0xFF, 0, 'a'});
        key("half a surrogate", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
        key("overlong", new byte[] {(byte) 0xC0, (byte) 0x80});
        key("cut character", new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x98});
        key("replacement character", "\uFFFD".getBytes(UTF_8));
        key("beyond the BMP", "😀".getBytes(UTF_8));
        key("zeros", new byte[3]);
        key("no key", null);
        records.put(NO_VALUE, new ProducerRecord<>("", NO_VALUE.getBytes(UTF_8), null));
        header("binary header", "trace", new byte[] {-1, -2, 1, 2, -128});
        header("every byte", "bytes", everyByte());
        header("null header", "nothing", new byte[][] {null});
        header("empty header", "empty", new byte[0]);
        header("repeated header", "hop", new byte[] {1}, new byte[] {-1}, new byte[] {1});
        header("repeated null", "hop", new byte[] {1}, null);
        header("name of any text", "näme \n", new byte[] {7});
        header("empty name", "", new byte[] {7});
        header("long header", "digits", number(4_000_000_000L));
        header("Spring's type", "__TypeId__", "com.shop.Order".getBytes(UTF_8));
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

    private void key(String kind, byte[] key) {
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
        plain.send(new ProducerRecord<>(queue, null, null, record.key(), record.value(), record.headers()));
    }

    @Override
    public Map<String, Integer> held(String queue) {
        Map<String, Integer> held = new HashMap<>();
        records.keySet().forEach(kind -> held.put(kind, 0));
        for (ConsumerRecord<byte[], byte[]> record : plain.records(queue)) {
            String kind = record.value() == null ? NO_VALUE : new String(record.value(), UTF_8);
            if (isAsStored(record, records.get(kind))) {
                held.merge(kind, 1, Integer::sum);
            }
        }
        return held;
    }

    private static boolean isAsStored(ConsumerRecord<byte[], byte[]> record, ProducerRecord<byte[], byte[]> stored) {
        return Arrays.equals(record.key(), stored.key())
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
