package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Undecodable;
import io.anymq.spi.support.LazyBody;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.util.ByteSequence;
import org.apache.activemq.util.MarshallingSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredBodyTest {
    private static final int LARGEST = 100_000;

    private static ActiveMQMessage message(ActiveMQMessage message, boolean deflated, byte[] content) {
        message.setContent(new ByteSequence(content));
        message.setCompressed(deflated);
        return message;
    }

    private static LazyBody stored(ActiveMQMessage message) {
        LazyBody stored = StoredBody.of(message, LARGEST);
        assertThat(stored).isNotNull();
        return stored;
    }

    /** As the vendor's clients write it. */
    private static byte[] written(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MarshallingSupport.writeUTF8(new DataOutputStream(out), text);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "gr\u00f6\u00dfer \u2713", "smile \uD83D\uDE00", "nul \u0000"})
    void textIsReadAsTheVendorsClientsWriteIt(String text) throws Exception {
        byte[] content = written(text);
        assertThat(stored(message(new ActiveMQTextMessage(), false, content)).bytes())
                .isEqualTo(text.getBytes(UTF_8));
        byte[] deflated = ActiveMqMalformed.deflated(content);
        assertThat(stored(message(new ActiveMQTextMessage(), true, deflated)).bytes())
                .isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void textWithoutContentOrNullIsEmpty() throws Exception {
        assertThat(stored(new ActiveMQTextMessage()).bytes()).isEmpty();
        LazyBody none = stored(message(new ActiveMQTextMessage(), false, written(null)));
        assertThat(none.undecodable()).isNull();
        assertThat(none.bytes()).isEmpty();
    }

    @Test
    void deflatedBytesAreInflated() {
        byte[] body = "text ".repeat(1_000).getBytes(UTF_8);
        byte[] content = ActiveMqMalformed.withLength(body.length, ActiveMqMalformed.deflated(body));
        assertThat(stored(message(new ActiveMQBytesMessage(), true, content)).bytes())
                .isEqualTo(body);
        assertThat(StoredBody.of(message(new ActiveMQBytesMessage(), false, content), LARGEST))
                .isNull();
    }

    /** As Artemis does it: what is there can be inflated, but the stream has no end. */
    private static byte[] deflatedWithoutAnEnd(byte[] body) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DeflaterOutputStream deflater = new DeflaterOutputStream(out, true);
        deflater.write(body);
        deflater.flush();
        return out.toByteArray();
    }

    @Test
    void whatIsDeflatedNeedsNoEndAndMayHaveMoreThanItClaims() throws Exception {
        byte[] body = "text ".repeat(1_000).getBytes(UTF_8);
        byte[] more = Arrays.copyOf(body, body.length + 1_024);
        for (byte[] deflated : List.of(deflatedWithoutAnEnd(body), ActiveMqMalformed.deflated(more))) {
            byte[] content = ActiveMqMalformed.withLength(body.length, deflated);
            assertThat(stored(message(new ActiveMQBytesMessage(), true, content))
                            .bytes())
                    .isEqualTo(body);
        }
        byte[] text = written("text ".repeat(1_000));
        byte[] moreText = Arrays.copyOf(text, text.length + 1_024);
        for (byte[] deflated : List.of(deflatedWithoutAnEnd(text), ActiveMqMalformed.deflated(moreText))) {
            assertThat(stored(message(new ActiveMQTextMessage(), true, deflated))
                            .bytes())
                    .isEqualTo(body);
        }
    }

    @Test
    void whatClaimsMoreThanItHasIsUndecodable() throws Exception {
        byte[] body = "text".getBytes(UTF_8);
        byte[] content = ActiveMqMalformed.withLength(5, ActiveMqMalformed.deflated(body));
        assertThat(stored(message(new ActiveMQBytesMessage(), true, content)).undecodable())
                .isNotNull();
        byte[] text = ActiveMqMalformed.deflated(ActiveMqMalformed.withLength(5, body));
        assertThat(stored(message(new ActiveMQTextMessage(), true, text)).undecodable())
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {LARGEST, LARGEST + 1})
    void theLargestBodyIsInflatedAndOneByteMoreIsNot(int size) throws Exception {
        byte[] body = new byte[size];
        byte[] bytes = ActiveMqMalformed.withLength(size, ActiveMqMalformed.deflated(body));
        byte[] text = ActiveMqMalformed.deflated(written("a".repeat(size)));
        for (LazyBody stored : List.of(
                stored(message(new ActiveMQBytesMessage(), true, bytes)),
                stored(message(new ActiveMQTextMessage(), true, text)))) {
            if (size == LARGEST) {
                assertThat(stored.undecodable()).isNull();
                assertThat(stored.bytes()).hasSize(LARGEST);
            } else {
                assertThat(stored.undecodable()).isNotNull();
            }
        }
    }

    @Test
    void everyKindThatTheKitStoresComesBackAsItWas() {
        ActiveMqMalformed malformed = new ActiveMqMalformed(null, false);
        assertThat(malformed.kinds()).hasSizeGreaterThan(10).allSatisfy(kind -> {
            ActiveMQMessage message = malformed.message(kind);
            LazyBody stored = stored(message);
            Undecodable undecodable = stored.undecodable();
            assertThat(undecodable).isNotNull();
            assertThat(undecodable.cause().code()).isEqualTo(ErrorCode.DECODING);
            assertThat(stored.bytes()).isEqualTo(malformed.body(kind));
            ActiveMQMessage again = StoredBody.message(undecodable.storedAs(), stored.bytes());
            assertThat(again).hasSameClassAs(message);
            assertThat(again.isCompressed()).isEqualTo(message.isCompressed());
            assertThat(again.getContent().toArray()).isEqualTo(malformed.body(kind));
        });
    }

    /** Anyone may have written it. */
    @ParameterizedTest
    @ValueSource(strings = {"properties", "object", "bytes", "map+deflate", "text+deflate+deflate", "\u00a7"})
    void noOtherTypeIsStored(String storedAs) {
        assertThatThrownBy(() -> StoredBody.message(storedAs, new byte[0]))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
    }
}
