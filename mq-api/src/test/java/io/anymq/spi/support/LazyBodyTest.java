package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.spi.Undecodable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LazyBodyTest {
    private static final byte[] STORED = {1, 2, 3};

    @Test
    void isDecodedOnceAndNotBeforeItIsAskedFor() {
        AtomicInteger decoded = new AtomicInteger();
        LazyBody body = new LazyBody(STORED, "twice", stored -> {
            decoded.incrementAndGet();
            return new byte[2 * stored.length];
        });
        assertThat(decoded).hasValue(0);
        assertThat(body.undecodable()).isNull();
        assertThat(body.bytes()).hasSize(6);
        assertThat(body.bytes()).hasSize(6);
        assertThat(decoded).hasValue(1);
    }

    @Test
    void whatFailsKeepsTheStoredBytesAndSaysWhy() {
        LazyBody body = new LazyBody(STORED, "zip", stored -> {
            throw new IOException("incorrect header");
        });
        assertThat(body.bytes()).isEqualTo(STORED);
        Undecodable undecodable = body.undecodable();
        assertThat(undecodable).isNotNull();
        assertThat(undecodable.storedAs()).isEqualTo("zip");
        assertThat(undecodable.cause().code()).isEqualTo(ErrorCode.DECODING);
        assertThat(undecodable.cause()).hasMessageContainingAll("zip", "incorrect header");
    }

    @Test
    void aMissingLibraryIsAFailureOfThisBodyAlone() {
        LazyBody body = new LazyBody(STORED, "zstd", stored -> {
            throw new NoClassDefFoundError("com/github/luben/zstd/ZstdInputStream");
        });
        Undecodable undecodable = body.undecodable();
        assertThat(undecodable).isNotNull();
        assertThat(undecodable.cause()).hasMessageContaining("ZstdInputStream");
        assertThat(body.bytes()).isEqualTo(STORED);
    }

    @Test
    void aBodyMayHaveExactlyTheLimit() throws IOException {
        assertThat(LazyBody.read(new ByteArrayInputStream(STORED), 3)).isEqualTo(STORED);
        assertThatThrownBy(() -> LazyBody.read(new ByteArrayInputStream(STORED), 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 bytes");
    }

    /** A stream without an end, as of a bomb. */
    @Test
    void noMoreIsReadThanTheLimitAndTheStreamIsClosed() {
        AtomicInteger read = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 0;
            }

            @Override
            public int read(byte[] into, int from, int count) {
                read.addAndGet(count);
                return count;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        assertThatThrownBy(() -> LazyBody.read(endless, 100_000)).isInstanceOf(IOException.class);
        assertThat(read).hasValue(100_001);
        assertThat(closed).isTrue();
    }
}
