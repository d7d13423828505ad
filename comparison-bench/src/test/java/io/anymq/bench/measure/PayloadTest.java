package io.anymq.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private static final int SIZE = 1_024;

    private final Payload payload = new Payload(77, 3, SIZE, 1);

    @Test
    void carriesWhatItWasMadeOf() {
        byte[] body = payload.create(12, 99, 1_000, 1_001);

        assertThat(body).hasSize(SIZE);
        assertThat(Payload.belongsTo(body, 77, SIZE)).isTrue();
        assertThat(Payload.producer(body)).isEqualTo(3);
        assertThat(Payload.key(body)).isEqualTo(12);
        assertThat(Payload.sequence(body)).isEqualTo(99);
        assertThat(Payload.intendedNanos(body)).isEqualTo(1_000);
        assertThat(Payload.sentNanos(body)).isEqualTo(1_001);
    }

    @Test
    void eachMessageHasABodyOfItsOwn() {
        assertThat(payload.create(0, 0, 0, 0)).isNotSameAs(payload.create(0, 0, 0, 0));
    }

    @Test
    void foreignAndCutBodiesAreNoticed() {
        byte[] body = payload.create(12, 99, 1_000, 1_001);

        assertThat(Payload.belongsTo(body, 78, SIZE)).isFalse();
        assertThat(Payload.belongsTo(Arrays.copyOf(body, SIZE - 1), 77, SIZE)).isFalse();
        body[SIZE - 1] ^= 1;
        assertThat(Payload.belongsTo(body, 77, SIZE)).isFalse();
    }

    @Test
    void smallestSizeIsNamed() {
        assertThatThrownBy(() -> new Payload(1, 0, Payload.HEADER_BYTES - 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 56");
        assertThat(Payload.belongsTo(
                        new Payload(1, 0, Payload.HEADER_BYTES, 1).create(0, 4, 0, 0), 1, Payload.HEADER_BYTES))
                .isTrue();
    }
}
