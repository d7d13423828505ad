package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Undecodable;
import io.anymq.spi.support.LazyBody;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredBodyTest {
    private static final int LARGEST = 100_000;
    private static final int COMPRESSED = MessageSysFlag.COMPRESSED_FLAG;

    private static Stream<Arguments> compressions() {
        UnaryOperator<byte[]> zlib = RocketMqMalformed::deflated;
        UnaryOperator<byte[]> lz4 = RocketMqMalformed::lz4;
        UnaryOperator<byte[]> zstd = Zstd::compress;
        return Stream.of(
                Arguments.of(COMPRESSED, zlib),
                Arguments.of(COMPRESSED | MessageSysFlag.COMPRESSION_ZLIB_TYPE, zlib),
                Arguments.of(COMPRESSED | MessageSysFlag.COMPRESSION_LZ4_TYPE, lz4),
                Arguments.of(COMPRESSED | MessageSysFlag.COMPRESSION_ZSTD_TYPE, zstd));
    }

    private static MessageExt message(int flag, byte[] body) {
        MessageExt message = new MessageExt();
        message.setSysFlag(flag);
        message.setBody(body);
        return message;
    }

    private static LazyBody stored(MessageExt message) {
        LazyBody stored = StoredBody.of(message, LARGEST);
        assertThat(stored).isNotNull();
        return stored;
    }

    @Test
    void anOrdinaryBodyIsLeftAlone() {
        assertThat(StoredBody.of(message(MessageSysFlag.MULTI_TAGS_FLAG, new byte[3]), LARGEST))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void aCompressedBodyIsReadAndTheVendorsMessageHasItToo(int flag, UnaryOperator<byte[]> compression) {
        byte[] body = "text ".repeat(1_000).getBytes(UTF_8);
        MessageExt message = message(flag, compression.apply(body));
        LazyBody stored = stored(message);
        assertThat(stored.undecodable()).isNull();
        assertThat(stored.bytes()).isEqualTo(body);
        assertThat(message.getBody()).isEqualTo(body);
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void theLargestBodyIsReadAndOneByteMoreIsNot(int flag, UnaryOperator<byte[]> compression) {
        assertThat(stored(message(flag, compression.apply(new byte[LARGEST]))).bytes())
                .hasSize(LARGEST);
        byte[] tooLarge = compression.apply(new byte[LARGEST + 1]);
        LazyBody stored = stored(message(flag, tooLarge));
        Undecodable undecodable = stored.undecodable();
        assertThat(undecodable).isNotNull();
        assertThat(undecodable.cause()).hasMessageContaining(LARGEST + " bytes");
        assertThat(stored.bytes()).isSameAs(tooLarge);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x101, 0x201, 0x301, 0x401, 0x701})
    void whatIsNotCompressedComesBackWithItsFlags(int flag) {
        byte[] body = "not compressed".getBytes(UTF_8);
        LazyBody stored = stored(message(flag | MessageSysFlag.MULTI_TAGS_FLAG, body));
        Undecodable undecodable = stored.undecodable();
        assertThat(undecodable).isNotNull();
        assertThat(undecodable.cause().code()).isEqualTo(ErrorCode.DECODING);
        assertThat(stored.bytes()).isSameAs(body);
        assertThat(StoredBody.flagged(undecodable.storedAs()))
                .isInstanceOfSatisfying(
                        MessageExt.class,
                        again -> assertThat(again.getSysFlag()).isEqualTo(flag));
    }

    @Test
    void anEmptyBodyIsNotCompressed() {
        assertThat(stored(message(COMPRESSED, null)).undecodable()).isNotNull();
    }

    /** Anyone may have written it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"frame", "sys-flag=0x", "sys-flag=0x010", "sys-flag=0x00d", "sys-flag=0x301\n", "0x301", "§"})
    void noOtherFlagIsStored(String storedAs) {
        assertThatThrownBy(() -> StoredBody.flagged(storedAs))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
    }
}
