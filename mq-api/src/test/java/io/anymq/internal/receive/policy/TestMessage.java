package io.anymq.internal.receive.policy;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A received message with nothing behind it. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TestMessage(
        String id,
        String key,
        byte[] body,
        String contentType,
        Map<String, String> headers,
        long sentAtMillis,
        long deliverAtMillis,
        Lane lane)
        implements InboundMessage {
    private static final Lane LANE = new Lane("only");

    static TestMessage text(String id, String key, String text) {
        return new TestMessage(
                id, key, text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8", Map.of(), 0, 0, LANE);
    }

    @Override
    public int deliveryCount() {
        return 1;
    }
}
