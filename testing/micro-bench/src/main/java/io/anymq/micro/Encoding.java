package io.anymq.micro;

import io.anymq.Codec;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.internal.support.Codecs;
import io.anymq.json.JsonCodec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A body of about 1 KiB to bytes and back, by each codec. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Encoding {
    /** The class of the body, which decides about the codec. */
    @Param
    public Kind kind = Kind.BYTES;

    /** The kind of body. */
    public enum Kind {
        /** A copy. */
        BYTES,
        /** UTF-8. */
        TEXT,
        /** Jackson. */
        JSON
    }

    /**
     * The body for the JSON codec.
     *
     * @param id its number
     * @param customer the customer
     * @param lines what
     */
    public record Order(long id, String customer, List<Line> lines) {}

    /**
     * A line of an order.
     *
     * @param article what
     * @param quantity how many
     * @param price of one
     */
    public record Line(String article, int quantity, double price) {}

    private static final Queue DESTINATION = Queue.of("encoding");

    private final Codecs codecs = new Codecs(List.of(new JsonCodec()));
    private Codec codec = new JsonCodec();
    private Message<Object> message = Message.of("");
    private Object body = "";
    private byte[] encoded = {};

    /** Chooses the body, and makes sure that it survives the way there and back. */
    @Setup
    public void choose() throws Exception {
        body = switch (kind) {
            case BYTES -> new byte[Traffic.BODY_BYTES];
            case TEXT -> "0123456789abcdef".repeat(Traffic.BODY_BYTES / 16);
            case JSON ->
                new Order(
                        4_711,
                        "customer-0815",
                        java.util.Collections.nCopies(20, new Line("article-number-1", 3, 9.75)));
        };
        message = Message.of(body);
        codec = codecs.forType(body.getClass());
        encoded = Codecs.encode(codec, DESTINATION, body.getClass(), codec.contentType(), message);
        Object back = codecs.decode(encoded, DESTINATION, body.getClass(), codec.contentType(), Map::of);
        if (!java.util.Objects.deepEquals(back, body)) {
            throw new IllegalStateException(body + " was decoded as " + back);
        }
    }

    /** To bytes. */
    @Benchmark
    public byte[] encode() throws Exception {
        return Codecs.encode(codec, DESTINATION, body.getClass(), codec.contentType(), message);
    }

    /** And back. */
    @Benchmark
    public Object decode() throws Exception {
        return codecs.decode(encoded, DESTINATION, body.getClass(), codec.contentType(), Map::of);
    }
}
