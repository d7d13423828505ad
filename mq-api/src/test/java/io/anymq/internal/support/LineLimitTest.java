package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineLimitTest {
    private final VirtualTime time = new VirtualTime();
    private final List<Integer> reports = new ArrayList<>();
    private final LineLimit limit = new LineLimit(time, reports::add);

    private long allowed(int of) {
        return IntStream.range(0, of).filter(i -> limit.allows()).count();
    }

    @Test
    void aStormWritesLinesPerSecond() {
        for (int second = 0; second < 5; second++) {
            assertThat(allowed(1_000)).isEqualTo(10);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(reports).containsExactly(990, 990, 990, 990, 990);
        time.advance(Duration.ofMinutes(1));
        assertThat(reports).as("no report of nothing").hasSize(5);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void whatStaysBelowTheBoundIsWrittenWhole() {
        for (int i = 0; i < 100; i++) {
            assertThat(limit.allows()).isTrue();
            time.advance(Duration.ofMillis(100));
        }
        assertThat(reports).isEmpty();
    }
}
