package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.anymq.internal.send.EncodedMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.WireHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LazyMessageTest {
    private static final class Vendors extends EmptyMessage {
        private final Map<String, String> properties;
        private int decoded;
        private int derived;

        Vendors(Map<String, String> properties) {
            super(new Lane("only"), "place@7");
            this.properties = properties;
        }

        @Override
        protected void decode() {
            decoded++;
            sentAt(5);
            properties.forEach(this::header);
        }

        @Override
        protected String derivedId() {
            derived++;
            return super.derivedId();
        }
    }

    @Test
    void knownNamesBecomeFieldsAndOthersHeaders() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("b", "1");
        properties.put(WireHeaders.ID, "id-1");
        properties.put(WireHeaders.KEY, "k");
        properties.put(WireHeaders.CONTENT_TYPE, "text/plain");
        properties.put(WireHeaders.SENT_AT, "100");
        properties.put(WireHeaders.DELIVER_AT, "200");
        properties.put("a", "");
        properties.put(WireHeaders.ATTEMPTS, "3");
        Vendors message = new Vendors(properties);

        assertThat(message.id()).isEqualTo("id-1");
        assertThat(message.key()).isEqualTo("k");
        assertThat(message.contentType()).isEqualTo("text/plain");
        assertThat(message.sentAtMillis()).isEqualTo(100);
        assertThat(message.deliverAtMillis()).isEqualTo(200);
        assertThat(message.headers())
                .containsExactly(entry("b", "1"), entry("a", ""), entry(WireHeaders.ATTEMPTS, "3"));
        assertThatThrownBy(() -> message.headers().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void allAsHeadersIsTheReverse() {
        Map<String, String> properties = Map.of(
                "tenant",
                "t1",
                WireHeaders.ID,
                "id-1",
                WireHeaders.KEY,
                "k",
                WireHeaders.CONTENT_TYPE,
                "text/plain",
                WireHeaders.SENT_AT,
                "100",
                WireHeaders.DELIVER_AT,
                "200");
        Vendors message = new Vendors(properties);
        Map<String, String> all = LazyMessage.allAsHeaders(new EncodedMessage(
                message.id(),
                message.key(),
                message.body(),
                message.contentType(),
                message.headers(),
                message.sentAtMillis(),
                message.deliverAtMillis(),
                -1));
        assertThat(all).isEqualTo(properties);
        all.clear();
    }

    @Test
    void aForeignMessageHasDefaults() {
        Vendors message = new Vendors(Map.of());

        assertThat(message.id()).isEqualTo("place@7").isSameAs(message.id());
        assertThat(message.key()).isNull();
        assertThat(message.contentType()).isEmpty();
        assertThat(message.headers()).isEmpty();
        assertThat(message.sentAtMillis()).isEqualTo(5);
        assertThat(message.deliverAtMillis()).isZero();
        assertThat(message.derived).isEqualTo(1);
    }

    @Test
    void nonsenseWhereANumberBelongsChangesNothing() {
        Vendors message = new Vendors(Map.of(WireHeaders.SENT_AT, "yesterday", WireHeaders.DELIVER_AT, "-3"));

        assertThat(message.sentAtMillis()).isEqualTo(5);
        assertThat(message.deliverAtMillis()).isZero();
        assertThat(LazyMessage.millis(null, 9)).isEqualTo(9);
    }

    @Test
    void itIsDecodedOnceAndNotBeforeItIsLookedAt() {
        Vendors message = new Vendors(Map.of("a", "1"));
        assertThat(message.body()).isEmpty();
        assertThat(message.decoded).isZero();

        assertThat(message.headers()).isSameAs(message.headers());
        assertThat(message.key()).isNull();
        assertThat(message.decoded).isEqualTo(1);
    }
}
