package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.Mutations;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Records, each stored by a producer with the compression that it names. */
final class KafkaMutable implements MutableMessages<KafkaMutable.Stored> {
    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private static final List<String> NAMES =
            List.of("__TypeId__", "kafka_correlationId", "spring_json_header_types", "traceparent", "");

    /** One record. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Stored(
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers,
            @Nullable Long timestamp,
            String compression) {}

    private final KafkaPlainClient plain;
    private final String bootstrap;
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

    KafkaMutable(String bootstrap) {
        this.bootstrap = bootstrap;
        this.plain = new KafkaPlainClient(bootstrap);
    }

    @Override
    public List<Stored> read(String queue) {
        return plain.records(queue).stream()
                .map(record -> new Stored(
                        record.key(), record.value(), List.of(record.headers().toArray()), null, "none"))
                .toList();
    }

    @Override
    public Stored mutated(Stored original, Mutations by) {
        Stored mutated = original;
        for (int i = by.below(3); i >= 0; i--) {
            mutated = changed(mutated, by);
        }
        return mutated;
    }

    private static Stored changed(Stored of, Mutations by) {
        return switch (by.below(6)) {
            case 0 -> new Stored(key(of.key, by), of.value, of.headers, of.timestamp, of.compression);
            case 1 -> new Stored(of.key, value(of.value, by), of.headers, of.timestamp, of.compression);
            case 2 ->
                new Stored(
                        of.key, of.value, of.headers, by.any(0L, 1L, 1_000_000_000_000L, by.number()), of.compression);
            case 3 -> new Stored(of.key, of.value, of.headers, of.timestamp, by.any(COMPRESSIONS));
            default -> new Stored(of.key, of.value, headers(of.headers, by), of.timestamp, of.compression);
        };
    }

    private static byte @Nullable [] key(byte @Nullable [] key, Mutations by) {
        return by.below(4) == 0 ? null : by.bytes(key == null ? new byte[0] : key);
    }

    private static byte @Nullable [] value(byte @Nullable [] value, Mutations by) {
        return by.below(6) == 0 ? null : by.bytes(value == null ? new byte[0] : value);
    }

    private static List<Header> headers(List<Header> headers, Mutations by) {
        if (by.below(4) == 0 || headers.isEmpty()) {
            List<Header> more = new ArrayList<>(headers);
            more.add(by.below(headers.size() + 1), new RecordHeader(by.name(NAMES), content(new byte[0], by)));
            return more;
        }
        if (by.below(3) == 0) {
            return by.without(headers);
        }
        List<Header> changed = new ArrayList<>(headers);
        int place = by.below(headers.size());
        Header header = headers.get(place);
        if (by.below(3) == 0) {
            // twice, or with the same name
            changed.add(
                    new RecordHeader(header.key(), by.below(2) == 0 ? header.value() : content(header.value(), by)));
        } else {
            changed.set(place, new RecordHeader(header.key(), content(header.value(), by)));
        }
        return changed;
    }

    private static byte @Nullable [] content(byte @Nullable [] value, Mutations by) {
        byte[] known = value == null ? new byte[0] : value;
        return switch (by.below(6)) {
            case 0 -> null;
            case 1, 2 -> by.bytes(known);
            case 3 -> new byte[by.any(1_000, 100_000)];
            default -> by.text(new String(known, UTF_8)).getBytes(UTF_8);
        };
    }

    @Override
    public Stored numbered(Stored of, int number) {
        List<Header> headers = new ArrayList<>(of.headers);
        headers.add(new RecordHeader(
                StoredMessagesContract.NUMBER, Integer.toString(number).getBytes(UTF_8)));
        return new Stored(of.key, of.value, headers, of.timestamp, of.compression);
    }

    @Override
    public boolean store(String queue, Stored message) throws InterruptedException {
        try {
            producers
                    .computeIfAbsent(message.compression, this::producer)
                    .send(new ProducerRecord<>(
                            queue, null, message.timestamp, message.key, message.value, message.headers))
                    .get();
            return true;
        } catch (IllegalArgumentException | ExecutionException e) {
            return false;
        }
    }

    private KafkaProducer<byte[], byte[]> producer(String compression) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "compression.type", compression, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public int held(String queue, int expected, Duration bound) {
        return plain.records(queue, expected, bound).size();
    }

    @Override
    public String described(Stored message) {
        StringBuilder all = new StringBuilder("key " + cut(message.key) + ", value " + cut(message.value) + ", time "
                + message.timestamp + ", " + message.compression);
        message.headers.forEach(
                header -> all.append(", ").append(header.key()).append('=').append(cut(header.value())));
        return all.toString();
    }

    private static String cut(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, 0, Math.min(bytes.length, 40), UTF_8);
    }

    @Override
    public void close() {
        producers.values().forEach(KafkaProducer::close);
    }
}
