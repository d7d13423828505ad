package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptCountsTest {
    private final AttemptCounts writer = new AttemptCounts();
    private final AttemptCounts reader = new AttemptCounts();

    @Test
    void aRecordIsUnderstoodByAnother() {
        assertThat(reader.read(writer.record(Map.of("a", 2, "b", 0, "with a space", 3))))
                .containsExactlyInAnyOrder("a", "b", "with a space");
        assertThat(reader.of("with a space")).isEqualTo(3);
        assertThat(reader.of("a")).isEqualTo(2);
        assertThat(reader.of("b")).isZero();
        assertThat(reader.of("c")).isNull();
    }

    @Test
    void theLatestCountsInWhateverOrderTheyAreRead() {
        List<byte[]> records = new ArrayList<>();
        for (int attempts : List.of(1, 2, 3, 2)) {
            records.add(writer.record(Map.of("a", attempts)));
        }
        assertThat(writer.of("a")).as("one was taken back").isEqualTo(2);
        Collections.reverse(records);
        records.forEach(reader::read);
        assertThat(reader.of("a")).isEqualTo(2);
        records.forEach(reader::read);
        assertThat(reader.of("a")).isEqualTo(2);
    }

    @Test
    void theNextOwnerOutdatesWhatItHasRead() {
        reader.read(writer.record(Map.of("a", 5)));
        AttemptCounts third = new AttemptCounts();
        third.read(reader.record(Map.of("a", 4)));
        third.read(writer.record(Map.of("b", 1)));
        assertThat(third.of("a")).isEqualTo(4);
        assertThat(third.of("b")).isEqualTo(1);
    }

    @Test
    void mergedRecordsOutdateNothing() {
        writer.record(Map.of("a", 1, "b", 2));
        byte[] merged = writer.merged(List.of("a", "b"));
        byte[] later = writer.record(Map.of("a", 7));
        reader.read(later);
        reader.read(merged);
        assertThat(reader.of("a")).isEqualTo(7);
        assertThat(reader.of("b")).isEqualTo(2);
    }

    @Test
    void whatIsNoRecordChangesNothing() {
        assertThat(reader.read("a\n\nb many\nc -1".getBytes(UTF_8))).containsExactlyInAnyOrder("b", "c");
        assertThat(reader.of("a")).isNull();
        assertThat(reader.of("b")).isZero();
    }

    @Test
    void theMessagesThatWereAskedForLongestAgoAreForgotten() {
        writer.record(Map.of("first", 3, "second", 3));
        for (int i = 0; i < (1 << 19) - 1; i++) {
            assertThat(writer.of("first")).isEqualTo(3);
            writer.record(Map.of("m" + i, 1));
        }
        assertThat(writer.of("second")).isNull();
        assertThat(writer.of("first")).isEqualTo(3);
    }
}
