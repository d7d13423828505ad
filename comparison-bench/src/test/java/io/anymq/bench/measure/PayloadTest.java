package io.anymq.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private static final int SIZE = 1_024;

    private final Payload payload = new Payload(77, SIZE, 1);

    @Test
    void carriesWhatItWasMadeOf() {
        byte[] body = payload.create(12, 99, 1_000);

        assertThat(body).hasSize(SIZE);
        assertThat(payload.isOurs(body)).isTrue();
        assertThat(Payload.key(body)).isEqualTo(12);
        assertThat(Payload.sequence(body)).isEqualTo(99);
        assertThat(Payload.intendedNanos(body)).isEqualTo(1_000);
    }

    @Test
    void eachMessageHasABodyOfItsOwn() {
        assertThat(payload.create(0, 0, 0)).isNotSameAs(payload.create(0, 0, 0));
    }

    @Test
    void foreignCutAndChangedBodiesAreNoticed() {
        byte[] body = payload.create(12, 99, 1_000);

        assertThat(new Payload(78, SIZE, 1).isOurs(body)).isFalse();
        assertThat(payload.isOurs(Arrays.copyOf(body, SIZE - 1))).isFalse();
        for (int changed : new int[] {0, Payload.HEADER_BYTES - 8, SIZE / 2, SIZE - 9, SIZE - 1}) {
            byte[] damaged = body.clone();
            damaged[changed] ^= 1;
            assertThat(payload.isOurs(damaged)).as("byte %d", changed).isFalse();
        }
    }

    @Test
    void smallestSizeIsNamed() {
        assertThatThrownBy(() -> new Payload(1, Payload.HEADER_BYTES - 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 36");
        Payload smallest = new Payload(1, Payload.HEADER_BYTES, 1);
        assertThat(smallest.isOurs(smallest.create(0, 4, 0))).isTrue();
    }
}
